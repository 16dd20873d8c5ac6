using EdgeShelf.Capture.Triggers;

namespace EdgeShelf.Tests.Capture.Triggers;

public sealed class FolderArrivalsTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    readonly FolderArrivals _arrivals = new();
    readonly List<FolderArrivals.Sighting> _files = [];
    readonly HashSet<string> _unfinished = [];
    TimeSpan _now;

    [Fact]
    public void AWholeFileArrivesOnceWhenItHasSettled()
    {
        Put("a.jpg", 100);

        Assert.Equal(["", "a.jpg", "", ""], LooksOfASecond(4));
    }

    [Fact]
    public void WhatWasThereBeforeIsNotNew()
    {
        Put("old.jpg", 100);
        _arrivals.Ignore(_files);
        Put("new.jpg", 100);

        Assert.Equal(["", "new.jpg", ""], LooksOfASecond(3));
    }

    [Fact]
    public void AFileThatGrowsIsLeftUntilItIsDone()
    {
        Put("a.jpg", 100);
        Look();
        Put("a.jpg", 200);
        Look();
        Put("a.jpg", 300);

        Assert.Equal(["", "a.jpg"], LooksOfASecond(2));
    }

    [Fact]
    public void AFileWithoutAnEndIsTakenAtLastSoThatItsFaultIsReported()
    {
        _unfinished.Add("half.jpg");
        Put("half.jpg", 100);

        List<string> looks = LooksOfASecond(12);

        Assert.Equal(10, looks.IndexOf("half.jpg"));
    }

    [Fact]
    public void AFileThatStallsAndGoesOnIsTakenWhole()
    {
        _unfinished.Add("slow.jpg");
        Put("slow.jpg", 100);
        Assert.Equal(["", "", "", "", ""], LooksOfASecond(5));
        _unfinished.Clear();
        Put("slow.jpg", 500);

        Assert.Equal(["", "slow.jpg"], LooksOfASecond(2));
    }

    [Fact]
    public void AFileWrittenAnewUnderTheSameNameIsNew()
    {
        Put("latest.jpg", 100, written: 1);
        LooksOfASecond(2);
        Put("latest.jpg", 100, written: 2);

        Assert.Equal(["", "latest.jpg"], LooksOfASecond(2));
    }

    [Fact]
    public void AMountThatComesAndGoesBringsNothingNew()
    {
        Put("a.jpg", 100);
        LooksOfASecond(2);
        _files.Clear();
        LooksOfASecond(2);
        Put("a.jpg", 100);

        Assert.Equal(["", "", ""], LooksOfASecond(3));
    }

    [Fact]
    public void SeveralArriveInTheOrderTheyWereWritten()
    {
        Put("a.jpg", 100, written: 3);
        Put("c.jpg", 100, written: 1);
        Put("b.jpg", 100, written: 1);

        Assert.Equal(["", "b.jpg c.jpg a.jpg"], LooksOfASecond(2));
    }

    void Put(string name, long length, int written = 0)
    {
        _files.RemoveAll(file => file.Name == name);
        _files.Add(new FolderArrivals.Sighting(name, length, DateTime.UnixEpoch.AddSeconds(written)));
    }

    string Look()
    {
        string arrived = string.Join(' ', _arrivals.Look(_files, _now, name => !_unfinished.Contains(name)).Select(file => file.Name));
        _now += Second;
        return arrived;
    }

    List<string> LooksOfASecond(int count) => [.. Enumerable.Range(0, count).Select(_ => Look())];
}
