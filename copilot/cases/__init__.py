"""Who owes what by when: follow-ups, routes to other teams, tickets, incidents, root causes."""
