using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Models.Making.Training;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>`model train`: from a folder of pictures to a model that knows them.</summary>
public sealed class HeadTrainingTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ColoursAreLearnedAndTheNewModelIsAllIntegerToo()
    {
        AddClass("red", 10, new SKColor(200, 30, 30));
        AddClass("green", 10, new SKColor(30, 170, 40));
        AddClass("blue", 10, new SKColor(30, 40, 190));
        TrainingSet set = TrainingSet.Read(_folder.File("data"));
        string output = _folder.File("colours");

        TrainingReport report = HeadTrainer.Train(set, ModelCopy.Shipped, output, "colours", "1", 0.95, new NoProgress(), TestContext.Current.CancellationToken);

        Assert.Equal(1, report.Metrics.Top1);
        OptimizedGraph.Of(File.ReadAllBytes(Path.Combine(output, ModelManifest.ModelFileName))).MustBeInteger(convolutions: 20, additions: 8);
        using LoadedModel model = ModelFolder.Load(output, threads: 1);
        Assert.Equal(["blue", "green", "red"], model.Labels.Select(label => label.Label));
        using LoadedModel origin = ModelFolder.Load(ModelCopy.Shipped, threads: 1);
        Assert.Equal(origin.DescriptorMean.ToArray(), model.DescriptorMean.ToArray());
        Assert.Equal(origin.Network.Descriptors, model.Network.Descriptors);
        Write("unseen.jpg", new SKColor(190, 45, 35));
        Assert.Equal("red", GoldenPicture.Answer(model, _folder.File("unseen.jpg"), 1)[0].Label);
    }

    [Fact]
    public void APictureOfWhatWasNotTaughtNeedsReviewAsAnUnknownProduct()
    {
        AddSpeckledClass("red", new SKColor(200, 30, 30));
        AddSpeckledClass("green", new SKColor(30, 170, 40));
        AddSpeckledClass("blue", new SKColor(30, 40, 190));

        TrainingReport report = HeadTrainer.Train(
            TrainingSet.Read(_folder.File("data")), ModelCopy.Shipped, _folder.File("colours"), "colours", "1", 0.95, new NoProgress(), TestContext.Current.CancellationToken);

        Assert.NotNull(report.Manifest.Unknown);
        Assert.Contains(Prototypes.FileName, report.Manifest.Files.Keys);
        using ActiveModel models = ActiveModel.Of(ModelFolder.Load(_folder.File("colours"), threads: 1));
        ShelfClassifier classifier = new(models);
        Assert.NotEqual(ReviewRule.UnknownProduct, Classify(PicturesOf.Speckled(new SKColor(196, 33, 30), 300, 220)).ReviewReason);
        SlotResult foreign = Classify(PicturesOf.Scene());
        Assert.Equal(ReviewRule.UnknownProduct, foreign.ReviewReason);
        Assert.True(foreign.NeedsReview);

        SlotResult Classify(byte[] picture) => Assert.Single(classifier.Classify(new Frame(picture, "folder", null, TimeProvider.System.GetUtcNow(), TimeSpan.Zero)).Slots);
    }

    [Fact]
    public void AProductIsAddedToThoseThatATrainedModelKnows()
    {
        AddSpeckledClass("red", new SKColor(200, 30, 30));
        AddSpeckledClass("green", new SKColor(30, 170, 40));
        Train("first", ModelCopy.Shipped, add: false);
        Directory.Delete(_folder.File("data"), recursive: true);
        AddSpeckledClass("blue", new SKColor(30, 40, 190));

        TrainingReport report = Train("second", _folder.File("first"), add: true);

        Assert.Equal(["green", "red", "blue"], report.Labels.Select(label => label.Label));
        Assert.Equal(1, report.Metrics.Top1);
        using LoadedModel model = ModelFolder.Load(_folder.File("second"), threads: 1);
        Assert.True(model.HasDescriptor);
        Assert.Equal(model.Network.Descriptors, model.DescriptorMean.Length);
        foreach ((string label, SKColor color) in new[] { ("red", new SKColor(196, 33, 30)), ("green", new SKColor(33, 166, 40)), ("blue", new SKColor(32, 42, 188)) })
        {
            File.WriteAllBytes(_folder.File("unseen.png"), PicturesOf.Speckled(color, 300, 220));
            Assert.Equal(label, GoldenPicture.Answer(model, _folder.File("unseen.png"), 1)[0].Label);
        }
    }

    [Fact]
    public void NothingIsAddedToAModelThatKeepsNoExamples()
    {
        AddSpeckledClass("blue", new SKColor(30, 40, 190));

        Assert.Contains("keeps no examples", Assert.Throws<ConfigurationException>(() => Train("out", ModelCopy.Shipped, add: true)).Message, StringComparison.Ordinal);
    }

    TrainingReport Train(string output, string origin, bool add) => HeadTrainer.Train(
        TrainingSet.Read(_folder.File("data"), add ? 1 : 2), origin, _folder.File(output), output, "1", 0.95, new NoProgress(), TestContext.Current.CancellationToken, add);

    [Fact]
    public void APictureInTheWrongFolderIsNamed()
    {
        AddSpeckledClass("red", new SKColor(200, 30, 30));
        AddSpeckledClass("green", new SKColor(30, 170, 40));
        File.WriteAllBytes(_folder.File("data/red/astray.png"), PicturesOf.Speckled(new SKColor(31, 168, 42), 310, 230));

        TrainingReport report = HeadTrainer.Train(
            TrainingSet.Read(_folder.File("data")), ModelCopy.Shipped, _folder.File("colours"), "colours", "1", 0.95, new NoProgress(), TestContext.Current.CancellationToken);

        SuspectLabel suspect = Assert.Single(report.Suspects);
        Assert.EndsWith("astray.png", suspect.Picture.Path, StringComparison.Ordinal);
    }

    /// <summary>Five pictures each of eight groceries that the base did not learn from, and the pictures of 73 others.</summary>
    [Fact]
    public void MostOfWhatWasNotTaughtNeedsReviewAndMostOfWhatWasTaughtDoesNot()
    {
        Assert.SkipUnless(Checkout.GroceryPictures is not null, "the grocery pictures are not here (EDGESHELF_DATASET)");
        ILookup<int?, ListedPicture> pictures = PictureList.Read(Path.Combine(Checkout.GroceryPictures!, "devtest.csv"), null, null).ToLookup(picture => picture.Class);
        int[] taught = [.. pictures.Where(group => group.Count() >= 9).Select(group => group.Key!.Value).Order().Where((_, index) => index % 7 == 0).Take(8)];
        Assert.Equal(8, taught.Length);
        foreach (int label in taught)
        {
            Directory.CreateDirectory(_folder.File($"data/{label}"));
            foreach (ListedPicture picture in pictures[label].Take(5))
                File.Copy(picture.Path, _folder.File($"data/{label}/{Path.GetFileName(picture.Path)}"));
        }

        TrainingReport report = HeadTrainer.Train(
            TrainingSet.Read(_folder.File("data")), ModelCopy.Shipped, _folder.File("out"), "out", "1", 0.95, new NoProgress(), TestContext.Current.CancellationToken);

        using LoadedModel model = ModelFolder.Load(_folder.File("out"), threads: 1);
        List<ListedPicture> own = [.. taught.SelectMany((label, _) => pictures[label].Skip(5))];
        List<ListedPicture> foreign = [.. pictures.Where(group => !taught.Contains(group.Key!.Value)).SelectMany(group => group.Take(3))];
        double answeredOwn = Answered(own);
        double answeredForeign = Answered(foreign);
        TestContext.Current.SendDiagnosticMessage($"own answered {answeredOwn:0.00}, foreign {answeredForeign:0.00}, foreign by the tool's own estimate {1 - report.Foreign.Review:0.00}");
        Assert.True(answeredOwn > 0.7, $"of the taught products {answeredOwn:0.00} are answered");
        Assert.True(answeredForeign < 0.15, $"of the others {answeredForeign:0.00} are answered");

        double Answered(IReadOnlyList<ListedPicture> some)
        {
            ScoredPicture[] scores = Scorer.Score(some, [Contestant.Of(_folder.File("out"), model.Manifest)], null, TestContext.Current.CancellationToken)[0];
            Judgement[] judgements = [.. scores.Select(score =>
                Judgement.Of(score with { Picture = score.Picture with { Class = 0 } }, model.Manifest.Temperature) with { IsUnknown = model.IsUnknown(score.Features) })];
            return 1 - ReviewShare.Of(judgements, model.Manifest.Review).Review;
        }
    }

    [Fact]
    public void ClassesThatAreEasilyToldApartAreLearnedWithoutBoasting()
    {
        Random random = new(5);
        int[] labels = [.. Enumerable.Range(0, 36).Select(index => index % 3)];
        float[][] features = [.. labels.Select(label => Enumerable.Range(0, 512)
            .Select(column => (column % 3 == label ? 2f : 0) + random.NextSingle()).ToArray())];

        LinearHead head = SoftmaxRegression.Fit(features, labels, 3, TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, labels.Length), index =>
        {
            double right = Softmax.Probabilities(head.Logits(features[index]), 1)[labels[index]];
            Assert.InRange(right, 0.9, 0.99999);
        });
    }

    [Fact]
    public void WhatRootMakesUnderAStrictUmaskTheServicesUserCanRead()
    {
        AddClass("red", 3, new SKColor(200, 30, 30));
        AddClass("green", 3, new SKColor(30, 170, 40));

        Strictly("train", "--data", _folder.File("data"), "--name", "mine");
        Strictly("use", "mine-0001");

        string models = _folder.File("state/models");
        Assert.All(Directory.EnumerateFileSystemEntries(models, "*", SearchOption.AllDirectories).Append(models), entry =>
            Assert.True(File.GetUnixFileMode(entry).HasFlag(UnixFileMode.OtherRead), entry));

        void Strictly(params string[] verb)
        {
            using EdgeShelfProcess process = EdgeShelfProcess.StartBy(
                _folder.File("state"), ["sh", "-c", "umask 077; exec \"$@\"", "sh", EdgeShelfProcess.Program, "model", .. verb]);
            Assert.True(process.WaitForExit() == 0, process.Errors);
        }
    }

    [Fact]
    public void EveryPictureThatCannotBeLearnedFromIsNamedAtOnce()
    {
        AddClass("red", 3, SKColors.Red);
        AddClass("lonely", 1, SKColors.Green);
        Write("data/unlabelled.jpg", SKColors.White);
        File.WriteAllText(_folder.File("data/red/broken.jpg"), "no picture");
        File.WriteAllBytes(_folder.File("data/red/tiny.png"), PicturesOf.Plain(SKColors.Red, 8, 8, SKEncodedImageFormat.Png));
        Directory.CreateDirectory(_folder.File("data/twin"));
        File.Copy(_folder.File("data/red/0.jpg"), _folder.File("data/twin/0.jpg"));

        string message = Assert.Throws<ConfigurationException>(() => TrainingSet.Read(_folder.File("data"))).Message;

        Assert.Contains("unlabelled.jpg has no label", message, StringComparison.Ordinal);
        Assert.Contains("twin has 0 pictures", message, StringComparison.Ordinal);
        Assert.Contains("lonely has 1 pictures", message, StringComparison.Ordinal);
        Assert.Contains("broken.jpg", message, StringComparison.Ordinal);
        Assert.Contains("tiny.png: it is 8 x 8 pixels", message, StringComparison.Ordinal);
        Assert.Contains("under another label", message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatCanBeLearnedFromIsTakenAndTheRestIsNamed()
    {
        AddClass("red", 4, SKColors.Red);
        AddClass("green", 3, SKColors.Green);
        Write("data/unlabelled.jpg", SKColors.White);
        File.WriteAllText(_folder.File("data/red/broken.jpg"), "no picture");
        File.Copy(_folder.File("data/red/0.jpg"), _folder.File("data/green/red.jpg"));

        TrainingSet set = TrainingSet.Read(_folder.File("data"));

        Assert.Equal([3, 3], [set.Pictures.Count(picture => picture.Class == 0), set.Pictures.Count(picture => picture.Class == 1)]);
        Assert.Equal(3, set.Notes.Count);
        Assert.All(["unlabelled.jpg", "broken.jpg", "under another label"], part => Assert.Contains(set.Notes, note => note.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void WhatASystemKeepsForItselfIsPassedOverInOneLine()
    {
        AddClass("red", 2, SKColors.Red);
        AddClass("green", 2, SKColors.Green);
        foreach (string foreign in new[] { "data/.thumbnails", "data/lost+found", "data/__MACOSX", "data/red/@eaDir" })
        {
            Directory.CreateDirectory(_folder.File(foreign));
            Write($"{foreign}/0.jpg", SKColors.Blue);
        }
        File.WriteAllText(_folder.File("data/red/._0.jpg"), "resource fork");
        File.WriteAllText(_folder.File("data/red/Thumbs.db"), "thumbnails");
        Directory.CreateSymbolicLink(_folder.File("data/green/round"), _folder.File("data"));

        TrainingSet set = TrainingSet.Read(_folder.File("data"));

        Assert.Equal(["green", "red"], set.Labels.Select(label => label.Label));
        Assert.Equal(4, set.Pictures.Count);
        Assert.Equal("Passed over: .thumbnails, __MACOSX, green/round, lost+found, red/._0.jpg, red/@eaDir.", Assert.Single(set.Notes));
    }

    [Fact]
    public void OneWordInTwoUnicodeFormsIsOneLabel()
    {
        AddClass("\u00C4pple", 2, SKColors.Red);
        AddClass("A\u0308pple", 3, SKColors.Yellow);
        AddClass("pear", 2, SKColors.Green);

        TrainingSet set = TrainingSet.Read(_folder.File("data"));

        Assert.Equal(["pear", "\u00C4pple"], set.Labels.Select(label => label.Label));
        Assert.Equal(5, set.Pictures.Count(picture => picture.Class == 1));
    }

    [Fact]
    public void AFolderWhoseNameHoldsAControlCharacterIsNoLabel()
    {
        AddClass("red", 2, SKColors.Red);
        AddClass("gr\een", 2, SKColors.Green);

        string message = Assert.Throws<ConfigurationException>(() => TrainingSet.Read(_folder.File("data"))).Message;

        Assert.Contains("gr\\x1Ben holds the control character U+001B", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', message);
    }

    [Fact]
    public void APictureThatIsThereTwiceCountsOnce()
    {
        AddClass("red", 2, SKColors.Red);
        AddClass("green", 2, SKColors.Green);
        File.Copy(_folder.File("data/red/0.jpg"), _folder.File("data/red/copy.jpg"));

        TrainingSet set = TrainingSet.Read(_folder.File("data"));

        Assert.Equal(4, set.Pictures.Count);
        Assert.Contains("copy.jpg", Assert.Single(set.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyFolderIsRefused()
    {
        Directory.CreateDirectory(_folder.File("data"));

        Assert.Contains("0 class folders", Assert.Throws<ConfigurationException>(() => TrainingSet.Read(_folder.File("data"))).Message, StringComparison.Ordinal);
    }

    void AddClass(string label, int count, SKColor color)
    {
        Directory.CreateDirectory(_folder.File($"data/{label}"));
        for (int index = 0; index < count; index++)
            Write($"data/{label}/{index}.jpg", new SKColor((byte)(color.Red ^ index), color.Green, (byte)(color.Blue ^ (index * 2))));
    }

    /// <summary>Ten pictures that pass for sharp ones.</summary>
    void AddSpeckledClass(string label, SKColor color)
    {
        Directory.CreateDirectory(_folder.File($"data/{label}"));
        for (int index = 0; index < 10; index++)
            File.WriteAllBytes(_folder.File($"data/{label}/{index}.png"), PicturesOf.Speckled(new SKColor((byte)(color.Red + index), color.Green, (byte)(color.Blue + index)), 300 + (index * 4), 220 + (index * 3)));
    }

    void Write(string name, SKColor color) => File.WriteAllBytes(_folder.File(name), PicturesOf.Plain(color, 96, 64));
}
