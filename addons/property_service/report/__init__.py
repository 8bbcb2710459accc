from . import property_service_report
