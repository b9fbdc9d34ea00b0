"""One page of a run that can be opened, sent and printed: report.html."""
