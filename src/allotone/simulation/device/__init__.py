"""Our own form of Brian2's stand-alone device: one slim C++ program whose loops over agents are vectorised."""
