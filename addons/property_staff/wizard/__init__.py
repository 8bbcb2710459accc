from . import property_training_refusal
