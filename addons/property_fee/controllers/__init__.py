from . import portal_bills
from . import portal_meters
