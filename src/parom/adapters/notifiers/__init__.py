"""Where people read notices: Slack, mail and whatever Apprise knows."""
