using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

/// <summary>`edgeshelf slots …` and `edgeshelf planogram …`.</summary>
public sealed class PlanCommandTests : IDisposable
{
    const string Slots = "slot,shelf,x,y,width,height\n1-01,1,0,0,0.5,0.5\n1-02,1,0.5,0,0.5,0.5\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SlotsAreSetFromATableShownAndRolledBack()
    {
        string picture = _folder.File("shelf.png");
        await File.WriteAllBytesAsync(picture, PicturesOf.Scene(800, 600, format: SkiaSharp.SKEncodedImageFormat.Png), TestContext.Current.CancellationToken);

        Assert.Contains("There are no slots", await FineAsync("slots", "show"), StringComparison.Ordinal);
        Assert.Contains("Version 1 with 2 slots is in force; drawn on a picture of 800 x 600", await FineAsync("slots", "set", _folder.Write("slots.csv", Slots), "--picture", picture), StringComparison.Ordinal);

        string json = await FineAsync("slots", "show", "--json");
        Schemas.AssertValid("slots", json);
        Assert.Equal("verb", JsonDocument.Parse(json).RootElement.GetProperty("changed_by").GetString());
        Assert.Equal(Slots.Replace("height", "height,label", StringComparison.Ordinal).Replace("0.5\n", "0.5,\n", StringComparison.Ordinal), await FineAsync("slots", "show", "--csv"));
        Assert.Contains("1-02         shelf 1", await FineAsync("slots", "show"), StringComparison.Ordinal);

        // What was shown and edited keeps its picture; another table does not.
        Assert.Contains("Version 2 with 1 slots is in force; drawn on a picture of 800 x 600", await FineAsync("slots", "set", _folder.Write("slots.json", json.Replace("1-02", "1-03", StringComparison.Ordinal).Remove(json.LastIndexOf(",\n    {", StringComparison.Ordinal)) + "\n  ]\n}")), StringComparison.Ordinal);
        Assert.Contains("the next usable picture becomes the reference", await FineAsync("slots", "set", _folder.Write("slots.csv", Slots)), StringComparison.Ordinal);

        Assert.Contains("Version 4 with 2 slots is in force; drawn on a picture of 800 x 600", await FineAsync("slots", "rollback", "1"), StringComparison.Ordinal);
        Assert.Equal([4, 3, 2, 1], JsonDocument.Parse(await FineAsync("slots", "history", "--json")).RootElement.EnumerateArray().Select(version => version.GetProperty("version").GetInt32()));
        Assert.StartsWith("*     4 ", await FineAsync("slots", "history"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AGridIsAddedToWhatIsThere()
    {
        await FineAsync("slots", "set", _folder.Write("slots.csv", Slots));

        string output = await FineAsync("slots", "grid", "--name", "3", "--rows", "1", "--columns", "12", "--x", "0.05", "--y", "0.6", "--width", "0.9", "--height", "0.2", "--gap", "0.01");

        Assert.Contains("Added 12 slots, 3-01 to 3-12", output, StringComparison.Ordinal);
        JsonElement slots = JsonDocument.Parse(await FineAsync("slots", "show", "--json")).RootElement.GetProperty("slots");
        Assert.Equal((14, "3-12", 3), (slots.GetArrayLength(), slots[13].GetProperty("slot").GetString(), slots[13].GetProperty("shelf").GetInt32()));

        (int exitCode, string errors) = await RefusedAsync("slots", "grid", "--name", "3", "--columns", "2", "--x", "0", "--y", "0", "--width", "0.9", "--height", "0.2");
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("2 slots have the name 3-01", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongFileIsRefusedWithOneLineForEachProblem()
    {
        (int exitCode, string errors) = await RefusedAsync("slots", "set", _folder.Write("slots.csv", "slot,x,y,width,height\na b,0,0,1,1\nc,0,0,0,1\n"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("slots.csv was refused:\n  - line 2: the name \"a b\" is not allowed", errors, StringComparison.Ordinal);
        Assert.Contains("\n  - line 3: width is 0; at least 0.002 is needed\n", errors, StringComparison.Ordinal);
        Assert.Contains("What was in force before is still in force.", errors, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.BadUsage, (await RefusedAsync("slots", "set", _folder.File("gone.csv"))).ExitCode);
        Assert.Contains("Not a JPEG or PNG", (await RefusedAsync("slots", "set", _folder.Write("slots.csv", Slots), "--picture", _folder.Write("no.jpg", "text"))).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APictureOfAnotherShapeAndSmallSlotsAreWarnedOf()
    {
        string picture = _folder.File("shelf.jpg");
        await File.WriteAllBytesAsync(picture, PicturesOf.Scene(640, 360), TestContext.Current.CancellationToken);
        string json = $$"""{"schema":1,"reference":{"sha256":"{{new string('0', 64)}}","width":2063,"height":1538,"taken_at":"2026-08-01T06:00:00Z"},"slots":[{"slot":"a","x":0,"y":0,"width":0.03,"height":0.5}]}""";

        (int exitCode, _, string errors) = await RunAsync("slots", "set", _folder.Write("slots.json", json), "--picture", picture);

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Contains("Warning: the slots were drawn on a picture of 2063 x 1538, and ", errors, StringComparison.Ordinal);
        Assert.Contains("Warning: slot a is 19 pixels wide or high", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APlanogramIsImportedExportedSetAndRolledBack()
    {
        await FineAsync("slots", "set", _folder.Write("slots.csv", Slots));
        Assert.Equal("null", (await FineAsync("planogram", "show", "--json")).Trim());

        Assert.Contains("bay-4 12 with 1 positions is in force as revision 1", await FineAsync(
            "planogram", "import", _folder.Write("plan.csv", "\uFEFFslot;label;sku\r\n1-01;grüner-tee;0012\r\n"), "--name", "bay-4", "--version", "12"), StringComparison.Ordinal);
        Schemas.AssertValid("planogram", await FineAsync("planogram", "show", "--json"));
        Assert.Contains("1-01         grüner-tee               0012", await FineAsync("planogram", "show"), StringComparison.Ordinal);

        await FineAsync("planogram", "export", _folder.File("out.csv"));
        Assert.Equal("slot,shelf,position,label,sku,gtin,facings,name\n1-01,,,grüner-tee,0012,,1,grüner-tee\n", await File.ReadAllTextAsync(_folder.File("out.csv"), TestContext.Current.CancellationToken));
        Assert.Contains("revision 1", await FineAsync("planogram", "import", _folder.File("out.csv"), "--version", "12"), StringComparison.Ordinal);

        string other = (await FineAsync("planogram", "show", "--json")).Replace("\"12\"", "\"13\"", StringComparison.Ordinal);
        Assert.Contains("bay-4 13 with 1 positions is in force as revision 2", await FineAsync("planogram", "set", _folder.Write("plan.json", other)), StringComparison.Ordinal);
        Assert.Contains("bay-4 12 with 1 positions is in force as revision 3", await FineAsync("planogram", "rollback"), StringComparison.Ordinal);
        Assert.Equal(["12", "13", "12"], JsonDocument.Parse(await FineAsync("planogram", "history", "--json")).RootElement.EnumerateArray().Select(kept => kept.GetProperty("version").GetString()!));

        Assert.Contains("waits for 2999-01-01T00:00:00Z", await FineAsync("planogram", "import", _folder.File("out.csv"), "--version", "14", "--valid-from", "2999-01-01T00:00:00Z"), StringComparison.Ordinal);
        Assert.Contains("bay-4 14 waits for", await FineAsync("planogram", "show"), StringComparison.Ordinal);
        await FineAsync("planogram", "cancel");
        Assert.Equal(ExitCodes.Failed, (await RefusedAsync("planogram", "cancel")).ExitCode);
    }

    [Fact]
    public async Task APlanogramThatDoesNotFitIsRefusedWithWhatToDo()
    {
        await FineAsync("slots", "set", _folder.Write("slots.csv", Slots));

        (int exitCode, string errors) = await RefusedAsync("planogram", "import", _folder.Write("plan.csv", "slot,label\n9-09,Red-Apple\n1-01,never-heard\n"));

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("there is no slot \"9-09\"; draw it, or leave the position out", errors, StringComparison.Ordinal);
        Assert.Contains("nobody knows the label \"never-heard\" of slot 1-01", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Red-Apple", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.BadUsage, (await RefusedAsync("planogram", "import", _folder.File("plan.csv"), "--valid-from", "monday")).ExitCode);
        Assert.Contains("edgeshelf planogram import", (await RefusedAsync("planogram", "set", _folder.File("plan.csv"))).Errors, StringComparison.Ordinal);
    }

    async Task<string> FineAsync(params string[] arguments)
    {
        (int exitCode, string output, string errors) = await RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Fine, errors);
        return output;
    }

    async Task<(int ExitCode, string Errors)> RefusedAsync(params string[] arguments)
    {
        (int exitCode, _, string errors) = await RunAsync(arguments);
        Assert.NotEqual(ExitCodes.Fine, exitCode);
        return (exitCode, errors);
    }

    Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        string models = _folder.File("models");
        if (!Directory.Exists(models))
            TinyModel.WriteTo(models);
        return InProcess.RunAsync([.. arguments, "--set", $"Shelf:State={_folder.File("state")}", "--set", $"Models:Trained={models}", "--set", $"Models:Name={TinyModel.Name}"]);
    }
}
