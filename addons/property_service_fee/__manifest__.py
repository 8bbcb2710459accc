{
    "name": "Property Management: Disputed Fees",
    "summary": "A ticket about a fee stops dunning and late fee until it is solved",
    "version": "19.0.1.0.0",
    "category": "Services/Property",
    "author": "Property Suite Contributors",
    "license": "LGPL-3",
    "depends": ["property_service", "property_fee"],
    "data": [
        "views/property_ticket_views.xml",
        "views/property_dunning_case_views.xml",
    ],
    "auto_install": True,
}
