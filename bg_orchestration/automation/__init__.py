"""What starts refreshes: the sensor, the schedule, and the jobs."""
