"""What ends trials early."""
