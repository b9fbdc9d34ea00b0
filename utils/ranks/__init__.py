"""The ranks of one training: processes that an MPI launcher started, on one machine or on many."""
