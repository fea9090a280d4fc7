"""People and places of the demo zone: invented persons and sites that add up to the published figures."""
