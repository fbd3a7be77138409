"""What people and programs ask about a running desk: status, audit, doctor, settings, Flower."""
