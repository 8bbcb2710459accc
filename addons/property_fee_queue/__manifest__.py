{
    "name": "Property Management: Fee Runs as Jobs",
    "summary": "The chunks of a fee run become jobs that workers on several machines share",
    "version": "19.0.1.0.0",
    "category": "Services/Property",
    "author": "Property Suite Contributors",
    "license": "LGPL-3",
    "depends": ["property_fee", "queue_job"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
}
