"""Train a network: python train.py -c config.json"""

import time

import utils.quiet_start  # noqa: F401 - first of all
from utils.command_line import train_arguments
from utils.entry import run_program


def main() -> None:
    """Read the command line and the config, then train, check (--check) or find a learning rate (--find-lr)."""
    begun, args = time.monotonic(), train_arguments()
    from logger.compilation import showing_compilation  # only now: --help should not wait for NumPy
    from trainer.checkpoints.resume import plan
    from trainer.checks.check import check
    from trainer.ranks.follow import follow
    from trainer.ranks.same import share_plan
    from trainer.start import train
    from utils.ranks.current import join, refuse_ranks

    if args.check or args.find_lr is not None:
        refuse_ranks(f"train.py {'--check' if args.check else '--find-lr'}")
    ranks = join()
    training_plan = share_plan(lambda: plan(args.config, args.resume, args.overrides, args.init), args.config)
    with showing_compilation(training_plan.config.resolved["trainer"]["verbosity"] > 0):
        if args.check:
            check(training_plan)
        elif args.find_lr is not None:
            from trainer.checks.find_lr import find_lr

            find_lr(training_plan, None if args.find_lr is True else args.find_lr, args.overrides)
        elif not ranks.is_first:
            follow(training_plan)
        else:
            train(training_plan, args.run_id, args.tsne, begun=begun)


if __name__ == "__main__":
    run_program(main, takes_ranks=True)
