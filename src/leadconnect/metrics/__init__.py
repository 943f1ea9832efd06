"""What operators watch: how long requests take, how full the pool and the queue are, what was refused and sent."""
