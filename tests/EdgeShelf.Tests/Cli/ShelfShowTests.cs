using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Recognition.Slots;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Tests.Cli;

/// <summary>`edgeshelf shelf show`.</summary>
public sealed class ShelfShowTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatIsMissingStandsFirst()
    {
        Keep(SomeBay.Of(4, ("1-02", Verdict.Mismatch), ("1-03", Verdict.Empty)));

        (int exitCode, string output, _) = await RunAsync();

        Assert.Equal(ExitCodes.Fine, exitCode);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.StartsWith("2 of 4 slots hold their product (50 % of the 4 that were judged). Last seen at 2026-11-25T08:00:00Z.", lines[0], StringComparison.Ordinal);
        Assert.Equal(["1-03", "1-02", "1-01", "1-04"], lines[2..].Select(line => line[..4]));
        Assert.Matches("^1-03  empty +tall-kitchen-bags  2026-11-25T08:00:00Z  -$", lines[2]);
    }

    [Fact]
    public async Task TheDocumentIsThatOfTheTopic()
    {
        Keep(SomeBay.Of(2, ("1-02", Verdict.Empty)));

        (_, string output, _) = await RunAsync("--json", "--set", "Publish:Device=bay-7");

        Schemas.AssertValid("shelf", output);
        JsonElement shelf = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("bay-7", 0.5), (shelf.GetProperty("device").GetString(), shelf.GetProperty("availability").GetDouble()));
    }

    [Fact]
    public async Task AMovedCameraAndAnUnknownShelfSayWhatToDo()
    {
        Assert.Contains("Set slots with `edgeshelf slots set FILE`", (await RunAsync()).Output, StringComparison.Ordinal);
        Assert.Equal("null", (await RunAsync("--json")).Output.Trim());

        Keep(SomeBay.Of(1) with { View = BayView.CameraMoved });
        Assert.Contains("The camera has been moved since 2026-11-25T08:00:00Z; take the new view on the page.", (await RunAsync()).Output, StringComparison.Ordinal);

        _folder.Write(BayMemoryFile.FileName, "{");
        (int exitCode, _, string errors) = await RunAsync();
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Start the service; it confirms the verdicts anew.", errors, StringComparison.Ordinal);
    }

    void Keep(BayState state) => new BayMemoryFile(_folder.File(BayMemoryFile.FileName), TimeProvider.System, NullLogger.Instance).Write(new BayRecord(state, [], []), isUrgent: true);

    Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => InProcess.RunAsync(["shelf", "show", .. arguments, "--set", $"Shelf:State={_folder.Path}"]);
}
