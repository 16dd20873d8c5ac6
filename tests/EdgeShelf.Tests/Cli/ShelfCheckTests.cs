using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Cli;

/// <summary>`edgeshelf shelf check` and `classify --slots` with a small network that sees colours.</summary>
public sealed class ShelfCheckTests : IDisposable
{
    const string Slots = "slot,shelf,x,y,width,height,label\n1-01,1,0,0,0.5,1,apple\n1-02,1,0.5,0,0.5,1,plum\n";

    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EachPictureIsOneLineOfTheFixedShape()
    {
        Teach();
        string[] lines = (await FineAsync(["shelf", "check", "--json", "--slots", Csv(), "--examples", _folder.File("examples"), Bay("full.png", SKColors.Red, SKColors.Blue), Bay("gap.png", SKColors.White, SKColors.Red)])).TrimEnd().Split('\n');

        JsonElement full = JsonDocument.Parse(lines[0]).RootElement, gap = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal(["file", "aligned", "view", "slots"], full.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["dx", "dy", "ok"], full.GetProperty("aligned").EnumerateObject().Select(field => field.Name));
        Assert.Equal(["slot", "verdict", "label", "confidence", "expected"], full.GetProperty("slots")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal([("1-01", "match", "apple", "apple"), ("1-02", "match", "plum", "plum")], Verdicts(full));
        Assert.Equal([("1-01", "empty", "empty", "apple"), ("1-02", "mismatch", "apple", "plum")], Verdicts(gap));
        Assert.All(full.GetProperty("slots").EnumerateArray(), slot => Assert.InRange(slot.GetProperty("confidence").GetDouble(), 0.9, 1));
    }

    [Fact]
    public async Task APlanogramOverrulesTheLabelsOfTheSlotsAndWhatNobodyKnowsIsNamed()
    {
        Teach();
        (int exitCode, string output, string errors) = await RunAsync(
            "shelf", "check", "--json", "--slots", Csv(), "--planogram", _folder.Write("plan.csv", "slot,label\n1-01,plum\n1-02,never-heard\n9-09,plum\n"),
            "--examples", _folder.File("examples"), Bay("full.png", SKColors.Red, SKColors.Blue));

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Equal([("1-01", "mismatch", "apple", "plum"), ("1-02", "unchecked", "plum", "never-heard")], Verdicts(JsonDocument.Parse(output).RootElement));
        Assert.Contains("Warning: nobody knows the label \"never-heard\" of slot 1-02", errors, StringComparison.Ordinal);
        Assert.Contains("Warning: there is no slot \"9-09\"", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExplainTellsLikenessesThresholdsAndWhy()
    {
        Teach();
        string[] arguments = ["shelf", "check", "--explain", "--slots", Csv(), "--examples", _folder.File("examples"), Bay("gap.png", SKColors.White, SKColors.Red)];

        JsonElement explain = JsonDocument.Parse(await FineAsync([.. arguments, "--json"])).RootElement.GetProperty("slots")[1].GetProperty("explain");
        Assert.Equal(["threshold", "margin", "empty_threshold", "expected_likeness", "empty_likeness", "top", "reason"], explain.EnumerateObject().Select(field => field.Name));
        Assert.Equal((0.35, "apple"), (explain.GetProperty("threshold").GetDouble(), explain.GetProperty("top")[0].GetProperty("label").GetString()));
        Assert.Matches("^plum is expected and does not pass: its likeness is -?0\\.\\d\\d, and 0\\.35 is needed\\. apple passes with (1\\.00|0\\.9\\d)\\.$", explain.GetProperty("reason").GetString());

        string text = await FineAsync(arguments);
        Assert.Contains("plum is expected and does not pass", text, StringComparison.Ordinal);
        Assert.Contains("needed: 0.35 (empty 0.25), margin 0.05", text, StringComparison.Ordinal);
        Assert.Matches("1-01 +empty +empty +\\d\\.\\d\\d +apple", text);
    }

    [Fact]
    public async Task AFilmTellsAChangeWhenThreePicturesAgree()
    {
        Teach();
        string full = Bay("a.png", SKColors.Red, SKColors.Blue), gap = Bay("b.png", SKColors.White, SKColors.Blue);
        string[] lines = (await FineAsync(["shelf", "check", "--json", "--sequence", "--slots", Csv(), "--examples", _folder.File("examples"), full, full, full, gap, gap, gap, full])).TrimEnd().Split('\n');

        JsonElement[] film = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["covered", "covered", "match", "covered", "covered", "empty", "covered"], film.Select(line => line.GetProperty("slots")[0].GetProperty("verdict").GetString()!));
        Assert.Equal([0, 0, 0, 0, 0, 1, 0], film.Select(line => line.GetProperty("changes").GetArrayLength()));
        Assert.Equal("""{"slot":"1-01","from":"match","to":"empty"}""", film[5].GetProperty("changes")[0].GetRawText());
    }

    [Fact]
    public async Task ADarkPictureHasNoVerdictsAndSaysWhy()
    {
        Teach();
        string[] arguments = ["shelf", "check", "--slots", Csv(), "--examples", _folder.File("examples"), Bay("night.png", new SKColor(5, 5, 5), new SKColor(5, 5, 5))];

        JsonElement night = JsonDocument.Parse(await FineAsync([.. arguments, "--json"])).RootElement;
        Assert.Equal(("unusable", false, "dark"), (night.GetProperty("view").GetString(), night.GetProperty("aligned").GetProperty("ok").GetBoolean(), night.GetProperty("aligned").GetProperty("reason").GetString()));
        Assert.All(Verdicts(night), slot => Assert.Equal("unchecked", slot.Verdict));
        string text = await FineAsync(arguments);
        Assert.Contains("[unusable: dark]  no slot is judged", text, StringComparison.Ordinal);
        Assert.DoesNotContain("1-01", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoPictureFailsAloneAndOtherMistakesAreNamed()
    {
        Teach();
        string csv = Csv(), examples = _folder.File("examples");
        (int exitCode, string output, _) = await RunAsync("shelf", "check", "--json", "--slots", csv, "--examples", examples, _folder.Write("no.jpg", "text"), Bay("full.png", SKColors.Red, SKColors.Blue));
        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Equal("not-a-picture", JsonDocument.Parse(output.Split('\n')[0]).RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("match", Verdicts(JsonDocument.Parse(output.Split('\n')[1]).RootElement)[0].Verdict);

        (exitCode, _, string errors) = await RunAsync("shelf", "check", _folder.File("full.png"));
        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("This device has no slots.", errors, StringComparison.Ordinal);
        Assert.Contains("holds no examples", (await RunAsync("shelf", "check", "--slots", csv, "--examples", Directory.CreateDirectory(_folder.File("none")).FullName, _folder.File("full.png"))).Errors, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(examples, "apple", "bad.png"), "text");
        Assert.Contains("bad.png cannot be used", (await RunAsync("shelf", "check", "--slots", csv, "--examples", examples, _folder.File("full.png"))).Errors, StringComparison.Ordinal);
        Assert.Contains("--examples is about slots", (await RunAsync("classify", "--examples", examples, _folder.File("full.png"))).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutSlotsOfItsOwnTheDevicesSlotsAndPlanogramAreUsed()
    {
        Teach();
        await FineAsync(["slots", "set", Csv()]);

        string output = await FineAsync(["shelf", "check", "--json", "--examples", _folder.File("examples"), Bay("full.png", SKColors.Red, SKColors.Blue)]);

        Assert.Equal([("1-01", "match", "apple", "apple"), ("1-02", "match", "plum", "plum")], Verdicts(JsonDocument.Parse(output).RootElement));
    }

    [Fact]
    public async Task ClassifyAddsTheSlotsAsInAResultAndSavesTheCropOfEach()
    {
        Teach();
        string output = await FineAsync(["classify", "--json", "--slots", Csv(), "--examples", _folder.File("examples"), "--save-input", _folder.File("crop.png"), Bay("full.png", SKColors.Red, SKColors.Blue)]);

        JsonElement slots = JsonDocument.Parse(output).RootElement.GetProperty("slots");
        Assert.Equal(["slot", "top", "needs_review", "review_reason", "region", "cached", "expected", "verdict"], slots[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal(("match", "apple"), (slots[0].GetProperty("verdict").GetString(), slots[0].GetProperty("top")[0].GetProperty("label").GetString()));
        Assert.False(File.Exists(_folder.File("crop.png")));
        using SKBitmap left = SKBitmap.Decode(_folder.File("crop-1-01.png")), right = SKBitmap.Decode(_folder.File("crop-1-02.png"));
        Assert.Equal((32, 32), (left.Width, left.Height));
        Assert.True(left.GetPixel(16, 16).Red > left.GetPixel(16, 16).Blue && right.GetPixel(16, 16).Blue > right.GetPixel(16, 16).Red);
        Assert.False(JsonDocument.Parse(await FineAsync(["classify", "--json", _folder.File("full.png")])).RootElement.TryGetProperty("slots", out _));
    }

    static (string Slot, string Verdict, string? Label, string? Expected)[] Verdicts(JsonElement line) =>
    [
        .. line.GetProperty("slots").EnumerateArray().Select(slot => (
            slot.GetProperty("slot").GetString()!, slot.GetProperty("verdict").GetString()!, slot.GetProperty("label").GetString(), slot.GetProperty("expected").GetString()))
    ];

    string Csv() => _folder.Write("slots.csv", Slots);

    /// <summary>A red product, a blue one, and a white wall behind them.</summary>
    void Teach()
    {
        foreach ((string label, SKColor color) in new[] { ("apple", SKColors.Red), ("plum", SKColors.Blue), ("empty", SKColors.White) })
        {
            Directory.CreateDirectory(_folder.File($"examples/{label}"));
            File.WriteAllBytes(_folder.File($"examples/{label}/1.png"), PicturesOf.Speckled(color));
        }
    }

    /// <summary>A bay with one colour in each of its two places.</summary>
    string Bay(string name, SKColor left, SKColor right)
    {
        using SKBitmap bay = new(640, 240);
        using (SKCanvas canvas = new(bay))
        {
            foreach ((SKColor color, int x) in new[] { (left, 0), (right, 320) })
            {
                using SKBitmap half = SKBitmap.Decode(PicturesOf.Speckled(color));
                canvas.DrawBitmap(half, x, 0, SKSamplingOptions.Default);
            }
        }
        using SKData png = bay.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(_folder.File(name), png.ToArray());
        return _folder.File(name);
    }

    async Task<string> FineAsync(string[] arguments)
    {
        (int exitCode, string output, string errors) = await RunAsync(arguments);
        Assert.True(exitCode == ExitCodes.Fine, errors);
        return output;
    }

    Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        string models = _folder.File("models");
        if (!Directory.Exists(models))
            TinyModel.WriteTo(models);
        return InProcess.RunAsync([.. arguments, "--set", $"Shelf:State={_folder.File("state")}", "--set", $"Models:Trained={models}", "--set", $"Models:Name={TinyModel.Name}"]);
    }
}
