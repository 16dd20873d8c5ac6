using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Teaching.Review;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Cli;

public sealed class ReviewCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWaitsIsListedAndNamedPicturesAreExported()
    {
        using (ReviewQueue queue = new(_folder.File("state"), new TeachingOptions(), TimeProvider.System, NullLogger<ReviewQueue>.Instance))
        {
            Add(queue, 1, ReviewCandidates.WholePicture, "Red/Apple");
            Add(queue, 2, ReviewCandidates.WholePicture, "Nothing");
            Add(queue, 3, "2-01", null);
            queue.Answer([new ReviewAnswer(queue.Now.Waiting[0].Id, ReviewAnswers.Confirm, "Red/Apple", true)], null);
            queue.Answer([new ReviewAnswer(queue.Now.Waiting[0].Id, ReviewAnswers.Empty, Planogram.EmptyLabel, false)], null);
        }

        (int exitCode, string output) = await RunAsync("review", "list");
        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("2-01        unknown-product  looks like nothing known, jam is expected", output, StringComparison.Ordinal);
        Assert.Contains("1 picture waits for an answer. In the week of 2", output, StringComparison.Ordinal);
        Assert.Contains("the device was right in 1 of 2 answers", output, StringComparison.Ordinal);
        JsonElement list = JsonSerializer.Deserialize<JsonElement>((await RunAsync("review", "list", "--json")).Output);
        Assert.Equal(("2-01", 1), (list.GetProperty("entries")[0].GetProperty("slot").GetString(), list.GetProperty("waiting").GetInt32()));

        (exitCode, output) = await RunAsync("review", "export", _folder.File("named"));
        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("1 pictures are in", output, StringComparison.Ordinal);
        string picture = Assert.Single(Directory.GetFiles(_folder.File("named"), "*.jpg", SearchOption.AllDirectories));
        Assert.Equal(TeachingShelf.Swatch(1), await File.ReadAllBytesAsync(picture, TestContext.Current.CancellationToken));
        Assert.Contains(",Red/Apple,", await File.ReadAllTextAsync(Path.Combine(_folder.File("named"), "examples.csv"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutAQueueNothingWaitsAndNoFileIsMade()
    {
        (int exitCode, string output) = await RunAsync("review", "list");

        Assert.Equal((ExitCodes.Fine, "0 pictures wait for an answer."), (exitCode, output.Trim()));
        Assert.False(File.Exists(_folder.File("state/review.db")));
    }

    static void Add(ReviewQueue queue, int seed, string slot, string? says) => queue.Add([(new ReviewCandidate(
        $"shelf-07-{seed}", slot, new Region(0, 0, 1, 1), DateTimeOffset.UnixEpoch, ReviewReasons.UnknownProduct, says, says is null ? null : 0.4, slot == ReviewCandidates.WholePicture ? null : "jam",
        ExamplesInFolder.Model, ExamplesInFolder.Descriptor(seed).ToValues()), TeachingShelf.Swatch(seed))]);

    async Task<(int ExitCode, string Output)> RunAsync(params string[] args)
    {
        (int exitCode, string output, string errors) = await InProcess.RunAsync([.. args, "--set", $"Shelf:State={_folder.File("state")}"]);
        Assert.Equal("", errors);
        return (exitCode, output);
    }
}
