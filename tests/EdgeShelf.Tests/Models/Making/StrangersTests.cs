using EdgeShelf.Models;
using EdgeShelf.Models.Making;
using EdgeShelf.Models.Making.Evaluation;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Models.Making;

public sealed class StrangersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly LoadedModel _model;

    public StrangersTests() => _model = TinyModel.Load(_folder.File("models"));

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheThresholdKeepsNineteenOfTwentyKnownPicturesAndWhatPassesItIsCounted()
    {
        // The confidence grows with the first logit.
        ScoredPicture[] known = [.. Enumerable.Range(1, 20).Select(at => Picture(0, at))];
        ScoredPicture[] strangers = [Picture(null, 0.5f), Picture(null, 1.5f), Picture(null, 2.5f), Picture(null, 30)];

        Strangers measured = Strangers.Of(_model, known, strangers);

        Assert.Equal((4, 0.5, "confidence"), (measured.Images, measured.Accepted, measured.By));
        Assert.Equal(Softmax.Probabilities([2, 0, 0, 0], _model.Manifest.Temperature)[0], measured.Threshold, 1e-9);
    }

    [Fact]
    public void AClassThatIsHeldOutIsAStrangerToTheOthers()
    {
        // Each picture is of its class with certainty; without this class the model is unsure of it.
        ScoredPicture[] known = [.. Enumerable.Range(0, 40).Select(at => Picture(at % 4, 12, at % 4))];

        Strangers measured = Strangers.HoldOut(_model, known);

        Assert.Equal((40, 0), (measured.Images, measured.Accepted));
        Assert.InRange(measured.Threshold, 0.9, 1);
    }

    ScoredPicture Picture(int? label, float logit, int at = 0)
    {
        float[] logits = new float[_model.Labels.Count];
        logits[at] = logit;
        return new ScoredPicture(new ListedPicture("picture", label), logits, null);
    }
}
