from . import test_arrears, test_dispute, test_story
