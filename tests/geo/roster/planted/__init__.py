"""A referee for rosters in Excel: workbooks and faults made from the rules of the guide alone."""
