using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition.Likeness;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching.Store;
using EdgeShelf.Teaching.Training;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Teaching.Training;

/// <summary>Training on what was taught, with the network as it is shipped.</summary>
public sealed class ExampleTrainerTests : IDisposable
{
    const string Tea = "Grüner Tee & 茶", Coffee = "coffee";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AHeadThatNamesMoreRightIsWrittenBesideTheLabelsOfTheBase()
    {
        Packs.Teach(State, Packs.Enough, Tea, Coffee);

        TrainingOutcome outcome = Train("shelf-0001");

        Assert.True(outcome.IsBetter, outcome.ToString());
        Assert.True(outcome.Right > outcome.RightByLikeness, outcome.ToString());
        Assert.Equal((2 * Packs.Enough, 2, "shelf-0001"), (outcome.Judged, outcome.Products, outcome.Model));
        using LoadedModel made = ModelFolder.Load(Folder("shelf-0001"), threads: 1);
        using LoadedModel origin = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        Assert.Equal([.. origin.Labels.Select(label => label.Label), Tea, Coffee], made.Labels.Select(label => label.Label));
        Assert.Equal([Tea, Coffee], made.Manifest.Taught!);
        Assert.Equal(origin.DescriptorSource, made.DescriptorSource);
        Assert.NotEqual(origin.Info.Sha256, made.Info.Sha256);
        float[] features = [.. Enumerable.Range(0, origin.Network.Features!.Value).Select(index => index % 7 / 5f)];
        float[] before = HeadReplacement.Read(Onnx(ModelCopy.Shipped)).Logits(features), after = HeadReplacement.Read(Onnx(Folder("shelf-0001"))).Logits(features);
        Assert.All(origin.Labels, label => Assert.Equal(before[label.Index], after[label.Index], 0.01));
        Assert.Equal("Kiwi", GoldenPicture.Answer(made, Path.Combine(ModelCopy.Shipped, "golden", "kiwi.jpg"), 1)[0].Label);
    }

    [Fact]
    public void WithoutAWinNothingIsWritten()
    {
        Packs.Teach(State, [.. Enumerable.Range(0, 4).SelectMany(number => new[] { ("tea", 2, number), ("coffee", 3, number) })]);

        TrainingOutcome outcome = Train("shelf-0001");

        Assert.Equal((false, null), (outcome.IsBetter, outcome.Model));
        Assert.Equal(8, outcome.Judged);
        Assert.False(Directory.Exists(_folder.File("models")));
    }

    [Fact]
    public void ALabelThatTheBaseKnowsKeepsItsPlaceAndItsOwnClassesAreComparedToo()
    {
        Packs.Teach(State, 4, "Kiwi", "coffee");

        TrainingOutcome outcome = Train("shelf-0001", writeAnyway: true);

        using LoadedModel made = ModelFolder.Load(Folder("shelf-0001"), threads: 1);
        using LoadedModel origin = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        Assert.Equal(origin.Labels.Count + 1, made.Labels.Count);
        Assert.Equal(origin.Labels.Single(label => label.Label == "Kiwi").Index, made.Labels.Single(label => label.Label == "Kiwi").Index);
        Assert.Equal(4, outcome.Present!.Judged);
        Assert.StartsWith("grocery-81", outcome.Present.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void WithTheTaughtAloneTheModelKnowsStrangersAndALaterTrainingForgetsWhatIsTaughtNoMore()
    {
        Packs.Teach(State, 4, "tea", "coffee");
        Train("alone-0001", writeAnyway: true, onlyTaught: true);
        using (LoadedModel alone = ModelFolder.Load(Folder("alone-0001"), threads: 1))
        {
            Assert.Equal(["coffee", "tea"], alone.Labels.Select(label => label.Label));
            Assert.NotNull(alone.Prototypes);
            Assert.True(alone.Manifest.Unknown!.MinLikeness > 0);
        }
        File.Delete(Path.Combine(State, ExampleStore.FileName));
        Packs.Teach(State, 4, "tea", "cocoa");

        Train("alone-0002", writeAnyway: true, baseFolder: Folder("alone-0001"));

        using LoadedModel later = ModelFolder.Load(Folder("alone-0002"), threads: 1);
        Assert.Equal(["cocoa", "tea"], later.Labels.Select(label => label.Label));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1)]
    [InlineData(0, 0)]
    public void TooFewExamplesAreRefusedWithWhatThereIs(int teas, int coffees)
    {
        Packs.Teach(State, [.. Enumerable.Range(0, teas).Select(number => ("tea", 0, number)), .. Enumerable.Range(0, coffees).Select(number => ("../cof\u202Efee", 1, number))]);

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => Train("shelf-0001"));

        Assert.Contains("2 are needed", problem.Message, StringComparison.Ordinal);
        if (coffees > 0)
            Assert.Contains("1 example of one visit", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', problem.Message);
    }

    [Fact]
    public void WhatWasCancelledLeavesNothing()
    {
        Packs.Teach(State, 4, "tea", "coffee");
        using CancellationTokenSource cancel = new();
        Stopper atTheEnd = new(ExampleTrainer.Steps[^1].Title, cancel);

        Assert.ThrowsAny<OperationCanceledException>(() => Train("shelf-0001", writeAnyway: true, progress: atTheEnd, cancellationToken: cancel.Token));

        Assert.True(cancel.IsCancellationRequested);
        Assert.False(Directory.Exists(_folder.File("models")));
    }

    string State => _folder.File("state");

    string Folder(string name) => _folder.File($"models/{name}");

    static byte[] Onnx(string folder) => File.ReadAllBytes(Path.Combine(folder, ModelManifest.ModelFileName));

    TrainingOutcome Train(
        string name, bool writeAnyway = false, bool onlyTaught = false, string? baseFolder = null, IStepProgress? progress = null, CancellationToken? cancellationToken = null)
    {
        using ExampleStore store = Packs.Open(State);
        TrainingRequest request = new(
            [.. TrainingPicture.Of(store)], baseFolder ?? ModelCopy.Shipped, Folder(name), name, "1", new LikenessThresholds(0, 0.05, 0.25), _ => null, DateTimeOffset.UnixEpoch)
        {
            WriteAnyway = writeAnyway,
            OnlyTaught = onlyTaught,
        };
        return ExampleTrainer.Train(request, progress ?? new NoProgress(), cancellationToken ?? TestContext.Current.CancellationToken);
    }

    /// <summary>Cancels when a step begins.</summary>
    sealed class Stopper(string title, CancellationTokenSource cancel) : IStepProgress
    {
        public IStep Begin(string begun, int count)
        {
            if (begun == title)
                cancel.Cancel();
            return new NoProgress().Begin(begun, count);
        }
    }
}
