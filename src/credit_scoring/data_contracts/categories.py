"""Lists of categories that several columns share, or that are too long for a contract."""

NO_YES = ("N", "Y")

WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")

COMPANIONS = ("Unaccompanied", "Family", "Spouse, partner", "Children", "Other_B", "Other_A", "Group of people")

LOAN_PURPOSES = (
    *("Repairs", "Other", "Urgent needs", "Buying a used car", "Everyday expenses", "Payments on other loans"),
    *("Building a house or an annex", "Medicine", "Buying a holiday home / land", "Education", "Car repairs"),
    *("Buying a new car", "Furniture", "Buying a home", "Journey", "Purchase of electronic equipment"),
    *("Wedding / gift / holiday", "Business development", "Gasification / water supply", "Hobby", "Buying a garage"),
    *("Money for a third person", "Refusal to name the goal"),
)

GOODS = (
    *("Mobile", "Consumer Electronics", "Computers", "Audio/Video", "Furniture", "Construction Materials"),
    *("Photo / Cinema Equipment", "Clothing and Accessories", "Auto Accessories", "Jewelry", "Homewares"),
    *("Medical Supplies", "Vehicles", "Gardening", "Office Appliances", "Sport and Leisure", "Other", "Medicine"),
    *("Tourism", "Direct Sales", "Fitness", "Weapon", "Additional Service", "Education", "Insurance", "Animals"),
    "House Construction",
)

PRODUCTS = (
    *("Cash", "POS household with interest", "POS mobile with interest", "Cash X-Sell: middle", "Cash X-Sell: low"),
    *("Card Street", "POS industry with interest", "Card X-Sell", "POS household without interest"),
    *("Cash Street: high", "Cash X-Sell: high", "Cash Street: low", "Cash Street: middle", "POS other with interest"),
    *("POS mobile without interest", "POS industry without interest", "POS others without interest"),
)
