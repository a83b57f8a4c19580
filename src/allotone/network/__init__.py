"""Who is connected: definitions of networks, and the Brian2 network built from one."""
