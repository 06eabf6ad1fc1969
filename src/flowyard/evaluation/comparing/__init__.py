"""Models side by side on somebody's own data: answers, scores, times, costs, and what the differences show."""
