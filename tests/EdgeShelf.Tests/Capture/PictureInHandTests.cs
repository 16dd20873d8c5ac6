using System.Text;
using EdgeShelf.Capture;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Capture;

/// <summary>What a run that was killed left behind is played by writing its note; `Seams/PoisonTests` kills real processes.</summary>
public sealed class PictureInHandTests : IDisposable
{
    readonly TemporaryFolder _state = new();
    readonly ListLogger<PictureInHand> _log = new();

    public void Dispose() => _state.Dispose();

    [Fact]
    public void APictureThatEndedTheServiceOnceIsTriedAgainAndTheSecondTimeItIsSetAside()
    {
        Frame poison = Picture("poison.jpg", 1), innocent = Picture("innocent.jpg", 2);
        EndedWith(poison);
        using (PictureInHand second = Open())
            second.Enter(poison);
        EndedWith(poison);
        using PictureInHand third = Open();

        CaptureException problem = Assert.Throws<CaptureException>(() => third.Enter(poison));
        third.Enter(innocent).Dispose();

        Assert.Equal("picture-set-aside", problem.Code);
        Assert.Contains("poison.jpg", problem.Message, StringComparison.Ordinal);
        Assert.Collection(
            _log.Lines, first => Assert.StartsWith("Warning: The service ended while it worked on poison.jpg", first), second => Assert.StartsWith("Error: The picture poison.jpg is set aside", second));
    }

    /// <summary>A name is no identity: a stranger copies one file a thousand times, and a camera writes each picture to the same name.</summary>
    [Fact]
    public void ThePictureCountsAndNotItsName()
    {
        EndedWith(Picture("a.jpg", 1));
        Open().Dispose();
        EndedWith(Picture("b.jpg", 1));
        using PictureInHand third = Open();

        Assert.Throws<CaptureException>(() => third.Enter(Picture("c.jpg", 1)));
        third.Enter(Picture("a.jpg", 2)).Dispose();
    }

    [Fact]
    public void OnceItWasAnsweredEarlierEndsNoLongerCount()
    {
        Frame frame = Picture("a.jpg", 1);
        EndedWith(frame);
        using (PictureInHand second = Open())
            second.Enter(frame).Dispose();
        EndedWith(frame);

        using PictureInHand third = Open();
        third.Enter(frame).Dispose();
    }

    [Fact]
    public void ACleanStopInTheMiddleOfAPictureIsNotItsFault()
    {
        Frame frame = Picture("a.jpg", 1);
        for (int i = 0; i < 3; i++)
        {
            using PictureInHand run = Open();
            run.Enter(frame);
        }

        Assert.Empty(_log.Lines);
    }

    [Fact]
    public void AFrameOfALiveCameraIsNotRecorded()
    {
        using PictureInHand inHand = Open();
        using IDisposable work = inHand.Enter(new Frame(new byte[] { 1 }, "http", null, default, default));

        Assert.Equal("", ReadNote().Trim());
    }

    [Fact]
    public void WhileAPictureIsInHandTheNoteHasItAndAfterwardsItIsEmpty()
    {
        Frame frame = Picture("böse\n.jpg", 1);
        using PictureInHand inHand = Open();
        IDisposable work = inHand.Enter(frame);
        Assert.Equal($"{frame.Sha256} böse\\x0A.jpg", ReadNote().TrimEnd());

        work.Dispose();

        Assert.Equal("", ReadNote().Trim());
    }

    /// <summary>A full disk or a foreign file in the way is told once, and pictures are taken all the same.</summary>
    [Fact]
    public void WhereNothingCanBeRecordedPicturesAreTakenAllTheSame()
    {
        Directory.CreateDirectory(_state.File("picture-in-hand"));
        using PictureInHand inHand = Open();
        for (int i = 0; i < 3; i++)
            inHand.Enter(Picture("a.jpg", 1)).Dispose();

        Assert.StartsWith("Warning: The picture that is being worked on cannot be recorded", Assert.Single(_log.Lines));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("[{}]")]
    [InlineData("null")]
    public void ADamagedListCountsAsEmpty(string content)
    {
        Frame frame = Picture("a.jpg", 1);
        File.WriteAllText(_state.File("pictures-set-aside.json"), content);
        EndedWith(frame);

        using PictureInHand next = Open();
        next.Enter(frame).Dispose();
    }

    PictureInHand Open()
    {
        PictureInHand inHand = new(_state.Path, _log);
        inHand.Open();
        return inHand;
    }

    static Frame Picture(string name, byte content) => new(new[] { content }, "folder", name, default, default);

    void EndedWith(Frame frame) => File.WriteAllText(_state.File("picture-in-hand"), $"{frame.Sha256} {frame.Name}".PadRight(1024));

    // Not by File.ReadAllText, which respects the lock of the run that writes it.
    string ReadNote() => Encoding.UTF8.GetString(RegularFile.ReadAllBytes(_state.File("picture-in-hand"), 2000));
}
