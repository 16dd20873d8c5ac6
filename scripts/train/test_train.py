#!/usr/bin/python3
"""Tests of the training tools. They need only Debian's packages and take about a minute:  test_train.py"""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

import numpy
import torch
import torchvision
from PIL import Image

import augment
import average
import cntk_weights
import evaluation
import export_resnet
import folds
import make_model
import onnx_network
import pictures
import train

torch.set_num_threads(1)


class Folder(unittest.TestCase):
    """Provides a temporary folder with some pictures, and captures the output of a run."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.errors = io.StringIO()
        for where in (contextlib.redirect_stderr(self.errors), contextlib.redirect_stdout(io.StringIO())):
            where.__enter__()
            self.addCleanup(where.__exit__, None, None, None)

    def picture(self, name, colour, size=(40, 48)):
        """Writes a noisy picture of one colour."""
        noise = numpy.random.default_rng(len(name) + sum(name.encode())).integers(-20, 20, (size[1], size[0], 3))
        array = numpy.clip(numpy.array(colour) + noise, 0, 255).astype(numpy.uint8)
        Image.fromarray(array).save(self.folder / name)
        return name

    def list(self, lines, name="list.csv"):
        """Writes a list with these lines."""
        (self.folder / name).write_text("\n".join(lines) + "\n")
        return str(self.folder / name)

    def red_and_green(self, count=8):
        """Writes a list of red and green pictures."""
        lines = ["path,label"]
        for n in range(count):
            lines.append(self.picture(f"red_{n:03}.png", (200, 40, 40)) + ",red")
            lines.append(self.picture(f"green_{n:03}.png", (40, 200, 40)) + ",green")
        return self.list(lines)

    def start(self, classes=2):
        """Writes a file with random starting weights, which replaces the package."""
        torch.manual_seed(3)
        torch.save(torchvision.models.resnet18(num_classes=classes).state_dict(), self.folder / "start.pt")
        return str(self.folder / "start.pt")

    def refuses(self, *words):
        """Expects a refusal whose message contains all of these words."""
        return self.assertRaisesRegex(SystemExit, "(?s)" + ".*".join(words))


class PicturesTests(Folder):
    """Bad input leads to a message, not to a crash."""

    def read(self, path):
        labels = pictures.Labels.from_lists([path])
        items, decoded = pictures.load(pictures.read_list(path, labels), 64, say=lambda _: None)
        pictures.check_classes(items, labels)
        return labels, items, decoded

    def test_a_good_list_is_read_whole(self):
        labels, items, decoded = self.read(self.red_and_green())
        self.assertEqual((labels.names, len(items), decoded[0].size), (["green", "red"], 16, (40, 48)))

    def test_a_picture_without_label_is_named(self):
        with self.refuses("line 3", "b.png", "no label"):
            self.read(self.list(["path,label", "a.png,red", "b.png,"]))

    def test_a_class_id_outside_the_classes_is_named(self):
        path = self.list(["path,class_id", "a.png,7"])
        with self.refuses("line 2", "no such class: 7"):
            pictures.read_list(path, pictures.Labels(["red", "green"]))

    def test_an_empty_list_says_what_it_needs(self):
        with self.refuses("lists nothing", "path,label"):
            self.read(self.list(["path,label"]))

    def test_corrupt_pictures_are_listed_and_skipped(self):
        path = self.red_and_green()
        (self.folder / "red_000.png").write_bytes(b"rubbish")
        self.assertEqual(len(self.read(path)[1]), 15)
        self.assertRegex(self.errors.getvalue(), "1 pictures cannot be decoded(?s:.*)red_000.png")

    def test_corrupt_pictures_are_refused_when_strict(self):
        path = self.red_and_green()
        (self.folder / "red_000.png").write_bytes((self.folder / "red_001.png").read_bytes()[:300])
        with self.refuses("1 pictures cannot be decoded"):
            pictures.load(pictures.read_list(path, pictures.Labels(["green", "red"])), 64, lambda _: None, refuse=True)

    def test_a_duplicate_counts_once(self):
        path = self.red_and_green()
        (self.folder / "red_000.png").write_bytes((self.folder / "red_001.png").read_bytes())
        self.assertEqual(len(self.read(path)[1]), 15)
        self.assertRegex(self.errors.getvalue(), "listed twice")

    def test_one_picture_under_two_labels_is_refused(self):
        path = self.red_and_green()
        (self.folder / "red_000.png").write_bytes((self.folder / "green_000.png").read_bytes())
        with self.refuses("two labels", "red_000.png|green_000.png"):
            self.read(path)

    def test_a_class_with_one_picture_is_warned_of(self):
        lines = pathlib.Path(self.red_and_green()).read_text().split()
        lines.append(self.picture("blue.png", (0, 0, 200)) + ",blue")
        self.read(self.list(lines))
        self.assertRegex(self.errors.getvalue(), r"fewer than 5 pictures.*blue \(1\)")

    def test_a_class_without_pictures_is_refused(self):
        path = self.red_and_green()
        labels = pictures.Labels(["green", "red", "blue"])
        with self.refuses("no picture to train on: blue"):
            pictures.check_classes(pictures.read_list(path, labels), labels)


class FoldsTests(unittest.TestCase):
    """Neighbouring pictures stay together."""

    def test_each_picture_is_held_out_once_and_neighbours_stay_together(self):
        rows = [{"path": f"a/x_{n}.jpg", "label": "x"} for n in range(20)]
        parts = list(folds.split(rows, "label", 4, 1))
        self.assertEqual(len(parts), 4)
        held = [[folds.order(row["path"])[1] for row in part] for _, part in parts]
        self.assertEqual(sorted(sum(held, [])), list(range(20)))
        for numbers, (train_rows, _) in zip(held, parts):
            self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))
            trained = {folds.order(row["path"])[1] for row in train_rows}
            self.assertFalse(trained & {*numbers, numbers[0] - 1, numbers[-1] + 1})


class NetworkTests(Folder):
    """Weights and exports."""

    def test_every_export_gives_the_network_s_own_logits(self):
        for arch, options in (("resnet18", ["--features"]), ("resnet34", ["--keep-batch-norm", "--opset", "11", "--fixed-batch", "--features"]),
                              ("resnet50", ["--opset", "17"])):
            with self.subTest(arch=arch):
                path = str(self.folder / "x.onnx")
                sys.argv = ["export_resnet.py", "--arch", arch, "--classes", "7", "--size", "64", *options, path]
                export_resnet.main()
                torch.manual_seed(0)
                expected = export_resnet.randomize(getattr(torchvision.models, arch)(num_classes=7), 0).eval()
                x = torch.randn(1, 3, 64, 64)
                with torch.no_grad():
                    torch.testing.assert_close(onnx_network.OnnxNetwork(path)(x), expected(x), rtol=1e-3, atol=1e-3)

    def test_imagenet_weights_that_are_not_numbers_are_refused(self):
        state = torchvision.models.resnet18(num_classes=3).state_dict()
        state["layer2.0.conv1.weight"][0] = float("nan")
        torch.save(state, self.folder / "bad.pth")
        sys.argv = ["export_resnet.py", "--weights", str(self.folder / "bad.pth"), str(self.folder / "bad.onnx")]
        with self.refuses("not numbers", "layer2.0.conv1.weight"):
            export_resnet.main()

    def test_a_file_that_is_not_the_package_is_refused(self):
        (self.folder / "x.onnx").write_bytes(b"rubbish")
        with self.refuses("not an ONNX model"):
            cntk_weights.read_onnx(self.folder / "x.onnx")
        with self.refuses("does not exist"):
            cntk_weights.read_onnx(self.folder / "y.onnx")

    def test_the_mean_of_a_network_with_itself_is_the_network(self):
        state = torchvision.models.resnet18(num_classes=3).state_dict()
        for name, value in average.mean_state([state, state]).items():
            torch.testing.assert_close(value, state[name])

    def test_preparing_a_picture_is_torchvision_s(self):
        from torchvision import transforms
        picture = Image.fromarray(numpy.random.default_rng(0).integers(0, 255, (61, 47, 3)).astype(numpy.uint8))
        wanted = transforms.CenterCrop(32)(transforms.Resize(40)(picture))
        numpy.testing.assert_array_equal(evaluation.prepare(picture, 40, 32), numpy.asarray(wanted))


class TrainTests(Folder):
    """A whole small run."""

    def run_training(self, out, epochs, stop_after=None):
        arguments = ["--data", self.red_and_green(), "--weights", self.start(), "--out", str(self.folder / out), "--batch", "8",
                     "--epochs", str(epochs), "--plain-epochs", "1", "--size", "32", "48", "--resize", "48", "--crop", "48",
                     "--held-out", str(self.folder / "list.csv"), "--lr", "0.01", "--head-lr", "0.02"]
        original = train.Run.train_epoch
        def until(run):
            if run.epoch == stop_after:
                raise KeyboardInterrupt
            return original(run)
        train.Run.train_epoch = until
        try:
            train.main(arguments)
        except KeyboardInterrupt:
            pass
        finally:
            train.Run.train_epoch = original
        return self.folder / out

    def test_a_run_that_was_stopped_ends_with_the_same_weights(self):
        whole = self.run_training("whole", 3)
        self.run_training("stopped", 3, stop_after=1)
        self.assertFalse((self.folder / "stopped/model.pt").exists())
        stopped = self.run_training("stopped", 3)
        one, other = torch.load(whole / "model.pt"), torch.load(stopped / "model.pt")
        for name in one:
            torch.testing.assert_close(one[name], other[name], rtol=0, atol=0)
        self.assertEqual(len((stopped / "log.csv").read_text().splitlines()), 4)
        net = onnx_network.OnnxNetwork(whole / "resnet18.onnx")
        self.assertEqual(net.classes, 2)

    def test_a_checkpoint_of_another_recipe_is_refused(self):
        self.run_training("run", 2, stop_after=1)
        with self.refuses("another recipe", "epochs was 2, is 3"):
            self.run_training("run", 3)

    def test_bfloat16_answers_the_same_but_for_its_rounding(self):
        labels = pictures.Labels(["red", "green"])
        batch, targets = torch.rand(8, 3, 48, 48), [torch.full((8, 2), 0.5)]
        answers = []
        for more in ([], ["--bfloat16"]):
            o = train.parse(["--data", "none.csv", "--out", "none", "--weights", self.start(), *more])
            answers.append(train.Run(o, labels, [], []).loss(batch, targets)[1].detach())
        off = (answers[0] - answers[1]).norm() / answers[0].norm()
        self.assertGreater(off, 0)
        self.assertLess(off, 0.05)

    def test_one_command_makes_the_mean_of_both_stages(self):
        sys.argv = ["make_model.py", "--data", self.red_and_green(), "--weights", self.start(), "--out", str(self.folder / "made"),
                    "--resize", "48", "--crop", "40", "--batch", "8", "--epochs", "1", "--plain-epochs", "0", "--size", "32", "32"]
        make_model.main()
        plain, strong, mean = (torch.load(self.folder / "made" / stage / "model.pt") for stage in ("plain", "strong", "mean"))
        for name in ("conv1.weight", "fc.weight", "layer4.1.bn2.running_var"):
            torch.testing.assert_close(mean[name], (plain[name] + strong[name]) / 2)
        side = onnx_network.OnnxNetwork(self.folder / "made/mean/resnet18.onnx").graph.input[0].type.tensor_type.shape.dim[2].dim_value
        self.assertEqual(side, 40)
        self.assertEqual((self.folder / "made/mean/labels.csv").read_text().split(), ["index,label", "0,green", "1,red"])

    def test_light_changes_half_as_much_in_the_first_stage(self):
        strengths = []
        original = augment.light
        def instead(batch, strength):
            strengths.append(strength)
            return original(batch, strength)
        augment.light = instead
        self.addCleanup(setattr, augment, "light", original)
        sys.argv = ["make_model.py", "--data", self.red_and_green(), "--weights", self.start(), "--out", str(self.folder / "made"),
                    "--resize", "48", "--crop", "40", "--batch", "8", "--epochs", "1", "--size", "32", "32"]
        make_model.main()
        self.assertEqual(strengths, [0.5, 0.5, 1.0, 1.0])

    def test_held_out_pictures_are_in_the_result_and_not_in_what_judges_it(self):
        learned = []
        def instead(run):
            learned.append([pathlib.Path(item.path).name for item in run.items])
            run.epoch += 1
            run.ema.model.body.network.fc.bias.data.fill_(len(learned))
            return 32, 0.0, 0.0
        original, train.Run.train_epoch = train.Run.train_epoch, instead
        self.addCleanup(setattr, train.Run, "train_epoch", original)
        data = self.red_and_green()
        held_out = self.list(["path,label", self.picture("late.png", (190, 60, 60)) + ",red"], "held-out.csv")
        sys.argv = ["make_model.py", "--data", data, "--held-out", held_out, "--weights", self.start(), "--out", str(self.folder / "made"),
                    "--resize", "48", "--crop", "40", "--epochs", "1", "--size", "32", "32"]
        make_model.main()
        plain, strong, unseen = learned
        self.assertNotIn("late.png", plain)
        self.assertEqual(sorted(strong), sorted([*plain, "late.png"]))
        self.assertEqual(sorted(unseen), sorted(plain))
        for folder, bias in (("mean", (1 + 2) / 2), ("unseen/mean", (1 + 3) / 2)):
            self.assertEqual(torch.load(self.folder / "made" / folder / "model.pt")["fc.bias"].tolist(), [bias, bias])

    def test_a_held_out_label_that_was_not_learned_is_named(self):
        data = self.red_and_green()
        held_out = self.list(["path,label", self.picture("late.png", (0, 0, 200)) + ",blue"], "held-out.csv")
        sys.argv = ["make_model.py", "--data", data, "--held-out", held_out, "--weights", self.start(), "--out", str(self.folder / "made"),
                    "--resize", "48", "--crop", "40", "--batch", "8", "--epochs", "1", "--size", "32", "32"]
        with self.refuses("held-out.csv", "line 2", "no such class: blue"):
            make_model.main()


if __name__ == "__main__":
    unittest.main()
