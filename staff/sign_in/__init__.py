"""Where django-allauth meets the house: its hooks call our operations and speak our words."""
