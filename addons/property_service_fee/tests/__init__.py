from . import test_dispute, test_story
