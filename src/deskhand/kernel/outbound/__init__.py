"""The one door for requests of ours to elsewhere: where they may go, and how they are sent."""
