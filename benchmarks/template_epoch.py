"""An epoch of configs/template_lenet.json against the same in PyTorch: python -m benchmarks.template_epoch

Ours runs as train.py runs it, with validation, history and checkpoint. PyTorch's side does what pytorch-template's
MNIST example does: a data set that makes a PIL image of each sample and transforms it by itself (to a tensor, then
normalised), a DataLoader with 2 worker processes and batches of 128, a loop that also computes accuracy and top-3
accuracy of each batch, 10 % of the data for validation, Adam with amsgrad, and a checkpoint. Both sides take turns.
"""

import statistics
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset, SubsetRandomSampler

from benchmarks.epochs import THREADS, seconds, trainer_of
from data_loader.loaders.mnist import MnistDataLoader
from utils.command_line import no_arguments

ROUNDS, MEAN, DEVIATION = 3, 0.1307, 0.3081
Sample = tuple[torch.Tensor, int]


class Mnist(Dataset[Sample]):
    """Samples one by one, as torchvision's MNIST gives them through ToTensor and Normalize."""

    def __init__(self) -> None:
        data = MnistDataLoader("data/mnist", batch_size=128).read_training()
        self.images = torch.from_numpy(np.array(data.inputs[..., 0]))
        self.labels = torch.from_numpy(np.array(data.targets, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Sample:
        image, label = self.images[index], int(self.labels[index])
        return self._normalised(self._tensor(Image.fromarray(image.numpy()))), label

    def _tensor(self, image: Image.Image) -> torch.Tensor:
        pixels = torch.from_numpy(np.array(image, np.uint8, copy=True))
        return pixels.view(image.size[1], image.size[0], 1).permute(2, 0, 1).contiguous().to(torch.float32).div(255)

    def _normalised(self, tensor: torch.Tensor) -> torch.Tensor:
        mean, deviation = torch.as_tensor([MEAN]), torch.as_tensor([DEVIATION])
        return tensor.clone().sub_(mean.view(-1, 1, 1)).div_(deviation.view(-1, 1, 1))


class LeNet(nn.Module):
    """The model of pytorch-template's example."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 10, 5), nn.Conv2d(10, 20, 5)
        self.drop = nn.Dropout2d()
        self.fc1, self.fc2 = nn.Linear(320, 50), nn.Linear(50, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Log-probabilities."""
        x = torch.relu(torch.max_pool2d(self.conv1(x), 2))
        x = torch.relu(torch.max_pool2d(self.drop(self.conv2(x)), 2)).view(-1, 320)
        x = nn.functional.dropout(torch.relu(self.fc1(x)), training=self.training)
        return torch.log_softmax(self.fc2(x), dim=1)


class TorchTrainer:
    """The loop of pytorch-template's trainer."""

    def __init__(self, folder: Path) -> None:
        data = Mnist()
        order = np.random.default_rng(0).permutation(len(data))
        cut = len(data) // 10
        self.training, self.validation = (
            DataLoader(data, 128, sampler=SubsetRandomSampler(part.tolist()), num_workers=2)
            for part in (order[cut:], order[:cut])
        )
        self.model, self.checkpoint = LeNet(), folder / "checkpoint.pth"
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=0.001, amsgrad=True)

    def epoch(self) -> None:
        """Train, validate and keep."""
        self.model.train()
        for data, target in self.training:
            self.optimizer.zero_grad()
            output = self.model(data)
            loss = nn.functional.nll_loss(output, target)
            loss.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            scores(loss, output, target)
        self.model.eval()
        with torch.no_grad():
            for data, target in self.validation:
                output = self.model(data)
                scores(nn.functional.nll_loss(output, target), output, target)
        torch.save({"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}, self.checkpoint)


def scores(loss: torch.Tensor, output: torch.Tensor, target: torch.Tensor) -> tuple[float, float, float]:
    """Loss, accuracy and top-3 accuracy of a batch."""
    with torch.no_grad():
        accuracy = torch.sum(torch.argmax(output, dim=1) == target).item() / len(target)
        best = torch.topk(output, 3, dim=1)[1]
        top = sum(torch.sum(best[:, place] == target).item() for place in range(3)) / len(target)
    return loss.item(), accuracy, top


def main() -> None:
    """Print both times and their ratio."""
    torch.set_num_threads(THREADS)
    with tempfile.TemporaryDirectory() as folder, trainer_of("configs/template_lenet.json") as ours:
        theirs = TorchTrainer(Path(folder))
        ours.run_epoch()  # also makes what is kept from step to step
        pairs = [(seconds(ours.run_epoch), seconds(theirs.epoch)) for _ in range(ROUNDS)]
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(first / second for first, second in pairs)
    print(f"an epoch of template_lenet: ours {a:.2f} s, PyTorch {b:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    no_arguments("benchmarks.template_epoch", __doc__)
    main()
