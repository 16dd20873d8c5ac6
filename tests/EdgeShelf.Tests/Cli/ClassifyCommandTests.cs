using System.Text.Json;
using EdgeShelf.Cli;
using EdgeShelf.Models;
using EdgeShelf.Pictures;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class ClassifyCommandTests
{
    static readonly string Tomatoes = Path.Combine(AppContext.BaseDirectory, "samples", "tomatoes.jpg");

    [Fact]
    public void EachFileIsOneLineInOrderAndABadOneDoesNotStopTheRest()
    {
        using TemporaryFolder folder = new();
        string rubbish = folder.Write("rubbish.jpg", "<html>no picture</html>");
        string missing = folder.File("missing.jpg");

        (int exitCode, string output, _) = EdgeShelfProcess.Run("classify", "--json", Tomatoes, rubbish, missing, Tomatoes);

        Assert.Equal(ExitCodes.Failed, exitCode);
        JsonElement[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([Tomatoes, rubbish, missing, Tomatoes], lines.Select(line => line.GetProperty("file").GetString()));
        JsonElement[] top = [.. lines[0].GetProperty("top").EnumerateArray()];
        Assert.Equal(3, top.Length);
        Assert.Contains("Tomato", top[0].GetProperty("label").GetString(), StringComparison.Ordinal);
        Assert.InRange(top[0].GetProperty("confidence").GetDouble(), top[1].GetProperty("confidence").GetDouble(), 1);
        Assert.True(lines[0].TryGetProperty("needs_review", out _));
        Assert.True(lines[0].GetProperty("timings_ms").GetProperty("inference").GetDouble() > 0);
        Assert.Equal("not-a-picture", lines[1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("unreadable", lines[2].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(top[0].ToString(), lines[3].GetProperty("top")[0].ToString());
    }

    [Fact]
    public void PicturesOfOtherFormatsInAFolderAreNamed()
    {
        using TemporaryFolder folder = new();
        folder.Write("shelf.heic", "HEIC");
        File.Copy(Tomatoes, folder.File("tomatoes.jpg"));

        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("classify", "--json", folder.Path);

        Assert.Equal(ExitCodes.Fine, exitCode);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("shelf.heic was left out", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSavedInputIsTheCropThatTheNetworkSaw()
    {
        using TemporaryFolder folder = new();
        string saved = folder.File("crop.png");
        string scene = Path.Combine(AppContext.BaseDirectory, "Pictures", "Golden", "scene-333x501.png");

        (int exitCode, _, string errors) = EdgeShelfProcess.Run("classify", "--save-input", saved, scene);

        Assert.True(exitCode == ExitCodes.Fine, errors);
        // GoldenCropTests pins what this preprocessor cuts.
        Preprocessor preprocessor = new(ModelFolder.ReadManifest(new ModelStore(new ModelsOptions()).Find(new ModelsOptions().Name)).Input);
        byte[] expected = new byte[preprocessor.CropLength];
        using Picture picture = PictureDecoder.Decode(File.ReadAllBytes(scene));
        preprocessor.Crop(picture, expected);
        using Picture crop = PictureDecoder.Decode(File.ReadAllBytes(saved));
        byte[] found = new byte[expected.Length];
        for (int pixel = 0; pixel < expected.Length / 3; pixel++)
            crop.Pixels.Slice(pixel * Picture.BytesPerPixel, 3).CopyTo(found.AsSpan(pixel * 3));
        Assert.Equal(expected.Length / 3, crop.Width * crop.Height);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void PeopleGetBarsAndErrorsOnTheirOwnStream()
    {
        (int exitCode, string output, string errors) = EdgeShelfProcess.Run("classify", Tomatoes, "/nowhere.jpg");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("█", output, StringComparison.Ordinal);
        Assert.Contains("/nowhere.jpg: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classify")]
    [InlineData("classify", "--threads", "0", "x.jpg")]
    [InlineData("classify", "--model", "no-such-model", "x.jpg")]
    [InlineData("frobnicate")]
    [InlineData("run", "--config", "/nowhere.json")]
    [InlineData("bench", "--runs", "0")]
    public void BadUsageEndsWithTwoAndAHint(params string[] arguments)
    {
        (int exitCode, _, string errors) = EdgeShelfProcess.Run(arguments);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.NotEmpty(errors.Trim());
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }
}
