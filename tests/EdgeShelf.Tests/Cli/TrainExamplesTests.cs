using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Models;
using EdgeShelf.Teaching.Training;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

/// <summary>`model train --examples` as somebody types it, and as it ends when it is killed, or when the disk is full.</summary>
public sealed class TrainExamplesTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ABetterModelIsPutInUseAndTheNextOneGetsTheNextNumber()
    {
        Packs.Teach(State, Packs.Enough, "tea", "coffee");

        (int exitCode, string output, string errors) = Run(Train("--json"));

        Assert.True(exitCode == ExitCodes.Fine, errors);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        double[] progress = [.. lines[..^1].Select(line => line.GetProperty("progress").GetDouble())];
        Assert.Equal(progress.Order(), progress);
        Assert.Equal((0, 1), (progress[0], progress[^1]));
        JsonElement outcome = lines[^1];
        Assert.Equal(("shelf-0001", true, true), (outcome.GetProperty("model").GetString(), outcome.GetProperty("better").GetBoolean(), outcome.GetProperty("used").GetBoolean()));
        Assert.Equal(outcome.GetProperty("right").GetInt32(), TrainingOutcome.Read(State)!.Right);
        Assert.Contains("shelf-0001", InUse(), StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(Model("shelf-0001", ModelManifest.FileName));

        // What is in use is the base now: what it learned from the examples must not count twice.
        (exitCode, output, errors) = Run(Train());

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("shelf-0002 is in use", output, StringComparison.Ordinal);
        Assert.Equal(first, File.ReadAllBytes(Model("shelf-0001", ModelManifest.FileName)));
        Assert.Equal(outcome.GetProperty("right").GetInt32(), TrainingOutcome.Read(State)!.Right);
        Assert.Equal(83, LabelsFile.Read(Model("shelf-0002", ModelManifest.LabelsFileName)).Count);
        (exitCode, output, errors) = Run("model", "rollback");
        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("shelf-0001", InUse(), StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutAWinBothFiguresAreToldAndNothingIsKept()
    {
        Packs.Teach(State, [.. Enumerable.Range(0, 4).SelectMany(number => new[] { ("tea", 2, number), ("coffee", 3, number) })]);
        string data = Directory.CreateDirectory(_folder.File("data/cocoa")).FullName;
        for (int number = 0; number < 3; number++)
            File.WriteAllBytes(Path.Combine(data, $"{number}.jpg"), Packs.Jpeg(4, number));

        (int exitCode, string output, string errors) = Run(Train("--data", _folder.File("data")));

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("Learned 3 products from 11 examples", output, StringComparison.Ordinal);
        Assert.Contains("likeness alone", output, StringComparison.Ordinal);
        Assert.Contains("nothing was kept", output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.File("state/models")));
    }

    [Theory]
    [InlineData("--name is", "--name", "../up")]
    [InlineData("2 are needed")]
    [InlineData("go with --examples", "-without-examples-", "--only-taught")]
    [InlineData("--data and --name are needed", "-without-examples-")]
    public void WhatCannotBeTrainedIsRefusedAndNothingIsWritten(string message, params string[] arguments)
    {
        Packs.Teach(State, ("tea", 0, 1));
        string[] command = arguments.Contains("-without-examples-") ? ["model", "train", "--data", State, "--name", "mine", .. arguments[1..]] : Train(arguments);
        if (message.StartsWith("--data and", StringComparison.Ordinal))
            command = ["model", "train"];

        (int exitCode, _, string errors) = Run(command);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("state/models")) && Directory.EnumerateFileSystemEntries(_folder.File("state/models")).Any());
    }

    /// <summary>At the start, in the middle and while the model is written.</summary>
    [Fact]
    public void ATrainingThatIsKilledLeavesNoHalfModelAndTheNextOneIsMade()
    {
        Packs.Teach(State, 4, "tea", "coffee");
        string target = _folder.File("state/models/killed");
        string[] moments = [ExampleTrainer.Steps[0].Title, ExampleTrainer.Steps[1].Title, ExampleTrainer.Steps[2].Title];
        foreach (string moment in moments)
        {
            using EdgeShelfProcess process = EdgeShelfProcess.Start(State, Train("--json", "-o", target));
            Assert.True(Wait.Until(() => process.Output.Contains(moment, StringComparison.Ordinal), TimeSpan.FromMinutes(2)), process.Output + process.Errors);
            process.KillNine();
            if (Directory.Exists(target))
                using (LoadedModel whole = ModelFolder.Load(target, threads: 1))
                    Assert.NotNull(whole.Manifest.Golden);
            (int listed, string list, string problem) = Run("model", "list");
            Assert.True(listed == ExitCodes.Fine, problem);
            Assert.Contains("grocery-81", list, StringComparison.Ordinal);
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
        }

        (int exitCode, _, string errors) = Run(Train("-o", target));

        Assert.True(exitCode == ExitCodes.Fine, errors);
        using LoadedModel made = ModelFolder.Load(target, threads: 1);
        Assert.Equal(["coffee", "tea"], made.Manifest.Taught!);
    }

    [Fact]
    public void AFullDiskIsToldAndTheModelInUseStays()
    {
        using SmallVolume volume = SmallVolume.Mount(megabytes: 4);
        Packs.Teach(State, 4, "tea", "coffee");
        string target = Path.Combine(volume.Path, "shelf");

        (int exitCode, _, string errors) = Run(Train("-o", target));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("The model cannot be written", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(volume.Path));
        Assert.Contains("grocery-81", InUse(), StringComparison.Ordinal);
    }

    [Fact]
    public void AModelThatCameIntoUseMeanwhileStaysInUse()
    {
        Packs.Teach(State, Packs.Enough, "tea", "coffee");
        ModelCopy.Create(Directory.CreateDirectory(_folder.File("state/models")).FullName, "other");
        using EdgeShelfProcess training = EdgeShelfProcess.Start(State, Train("--json"));
        Assert.True(Wait.Until(() => training.Output.Contains(ExampleTrainer.Steps[0].Title, StringComparison.Ordinal), TimeSpan.FromMinutes(2)), training.Errors);
        (int second, _, string busy) = Run(Train());
        Assert.Equal(ExitCodes.Failed, second);
        Assert.Contains("Another training is running", busy, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Fine, Run("model", "use", "other").ExitCode);

        Assert.True(training.WaitForExit() == ExitCodes.Fine, training.Errors);
        TrainingOutcome outcome = TrainingOutcome.Read(State)!;
        Assert.Equal(("shelf-0001", true, false), (outcome.Model, outcome.IsBetter, outcome.IsUsed));
        Assert.Contains("was not put in use", Assert.Single(outcome.Notes), StringComparison.Ordinal);
        Assert.Contains("other", InUse(), StringComparison.Ordinal);
    }

    string State => _folder.File("state");

    string Model(string name, string file) => _folder.File($"state/models/{name}/{file}");

    static string[] Train(params string[] arguments) => ["model", "train", "--examples", "--set", Packs.AnyLikeness, .. arguments];

    string InUse() => File.Exists(_folder.File("state/models/in-use.json")) ? File.ReadAllText(_folder.File("state/models/in-use.json")).Split("previous")[0] : "grocery-81";

    (int ExitCode, string Output, string Errors) Run(params string[] arguments)
    {
        using EdgeShelfProcess process = EdgeShelfProcess.Start(State, arguments);
        return (process.WaitForExit(), process.Output, process.Errors);
    }
}
