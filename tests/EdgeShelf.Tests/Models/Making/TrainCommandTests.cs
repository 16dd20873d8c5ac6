using System.Text.RegularExpressions;
using EdgeShelf.Models;
using EdgeShelf.Tests.Support;
using SkiaSharp;

namespace EdgeShelf.Tests.Models.Making;

/// <summary>`model train` as somebody types it: where the model goes, what it is called, and what to type next.</summary>
public sealed partial class TrainCommandTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public TrainCommandTests()
    {
        foreach ((string label, SKColor color) in new[] { ("red", SKColors.Red), ("green", SKColors.Green) })
        {
            Directory.CreateDirectory(_folder.File($"data/{label}"));
            for (int index = 0; index < 3; index++)
                File.WriteAllBytes(_folder.File($"data/{label}/{index}.jpg"), PicturesOf.Plain(new SKColor((byte)(color.Red ^ index), color.Green, color.Blue), 96, 64));
        }
    }

    string State => _folder.File("state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ASecondTrainingGetsTheNextNumberAndNothingIsInUseBeforeModelUse()
    {
        string first = Train("--name", "mine");
        byte[] written = File.ReadAllBytes(_folder.File("state/models/mine-0001/manifest.json"));
        string second = Train("--name", "mine");

        Assert.Contains("edgeshelf model use mine-0001`", first, StringComparison.Ordinal);
        Assert.Contains("edgeshelf model use mine-0002`", second, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllBytes(_folder.File("state/models/mine-0001/manifest.json")));
        Assert.Equal("mine-0002", ModelFolder.ReadManifest(_folder.File("state/models/mine-0002")).Name);
        Assert.Equal(["mine-0001", "mine-0002"], Directory.EnumerateFileSystemEntries(_folder.File("state/models")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("--name", "mine")]
    [InlineData("--name", "mine", "--set", "Models:Trained=else where")]
    [InlineData("--name", "mine", "-o", "kept apart/mine")]
    [InlineData("--name", "mine", "-o", "state/models/other")]
    public void ThePrintedCommandPutsTheModelInUse(params string[] arguments)
    {
        arguments = [.. arguments.Select(argument => argument
            .Replace("else where", _folder.File("else where"), StringComparison.Ordinal)
            .Replace("kept apart", _folder.File("kept apart"), StringComparison.Ordinal)
            .Replace("state", State, StringComparison.Ordinal))];

        string command = Printed().Match(Train(arguments)).Groups["command"].Value;

        string there = command.Replace("edgeshelf model", EdgeShelfProcess.Program + " model", StringComparison.Ordinal);
        using EdgeShelfProcess process = EdgeShelfProcess.StartBy(State, "sh", "-c", there);
        Assert.True(process.WaitForExit() == 0, command + process.Errors);
        Assert.Contains("sound and in use", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../up")]
    [InlineData(".hidden")]
    [InlineData("two words")]
    [InlineData("")]
    [InlineData("grocery-81")]
    [InlineData("in-use.json")]
    [InlineData("x234567890x234567890x234567890x234567890x234567890x234567890x2345")]
    public void ANameThatIsNoPlainFolderNameIsRefused(string name)
    {
        (int exitCode, string errors) = Refused("--name", name);

        Assert.Equal(2, exitCode);
        Assert.Contains("--name is", errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("state/models")));
    }

    [Fact]
    public void AFolderThatIsThereIsNotWrittenTo()
    {
        Train("--name", "mine", "-o", _folder.File("mine"));

        (int exitCode, string errors) = Refused("--name", "mine", "-o", _folder.File("mine"));

        Assert.Equal(2, exitCode);
        Assert.Contains("is there already", errors, StringComparison.Ordinal);
    }

    [GeneratedRegex("in use with `(?<command>[^`]+)`")]
    private static partial Regex Printed();

    string Train(params string[] arguments)
    {
        using EdgeShelfProcess process = EdgeShelfProcess.Start(State, ["model", "train", "--data", _folder.File("data"), .. arguments]);
        Assert.True(process.WaitForExit() == 0, process.Errors);
        return process.Output;
    }

    (int ExitCode, string Errors) Refused(params string[] arguments)
    {
        using EdgeShelfProcess process = EdgeShelfProcess.Start(State, ["model", "train", "--data", _folder.File("data"), .. arguments]);
        return (process.WaitForExit(), process.Errors);
    }
}
