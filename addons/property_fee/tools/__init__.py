from . import allocation, amount, capitals, meter, period, reading_sheet
