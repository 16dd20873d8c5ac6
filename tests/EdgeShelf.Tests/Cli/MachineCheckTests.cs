using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli;

public sealed class MachineCheckTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Models:Name=nope", "Models:Name is nope; There is no model nope")]
    [InlineData("Models:Name=../etc", "Models:Name is ../etc; ")]
    [InlineData("Models:Trained={file}", "Models:Trained is {file}; a folder is needed, and {file} is a file")]
    [InlineData("Publish:Folder={file}", "Publish:Folder is {file}; a folder is needed, and {file} is a file")]
    [InlineData("Publish:Folder={file}/below/it", "Publish:Folder is {file}/below/it; a folder is needed, and {file} is a file")]
    [InlineData("Publish:Folder=", "Publish:Folder is empty; a text is needed")]
    [InlineData("Log:Path={folder}", "Log:Path is {folder}; a file is needed, and this is a folder")]
    [InlineData("Log:Path={file}/edgeshelf.log", "Log:Path is {file}/edgeshelf.log; a folder is needed, and {file} is a file")]
    [InlineData("Web:TokenFile={file}/token", "Web:TokenFile is {file}/token; a folder is needed")]
    [InlineData("Capture:Gpio:Button:Pull=5", "Capture:Gpio:Button:Pull is 5; allowed are None, Up, Down")]
    [InlineData("Capture:Gpio=5", "Capture:Gpio is 5; a section with settings in it is needed")]
    [InlineData("Web:AllowedHosts=shelf", "Web:AllowedHosts is shelf; a list is needed")]
    [InlineData("Vision:MinConfidence=NaN", "Vision:MinConfidence is NaN; allowed are 0 to 1")]
    [InlineData("Vision:MinMargin=Infinity", "Vision:MinMargin is ")]
    [InlineData("Vision:CacheMaxDifference=NaN", "Vision:CacheMaxDifference is NaN")]
    public async Task WhatCannotWorkIsAProblem(string setting, string expected)
    {
        (int exitCode, _, string errors) = await ValidateAsync(setting);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains(Filled(expected), errors, StringComparison.Ordinal);
        Assert.Contains("A setting is wrong", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Note: Capture:V4l2:Device is /dev/no-camera, which is not there now", "Capture:Camera=v4l2", "Capture:V4l2:Device=/dev/no-camera")]
    [InlineData("Note: Capture:Folder:Path is /nowhere, which is not there now", "Capture:Folder:Path=/nowhere")]
    [InlineData("Note: Capture:Rpicam:ToolsFolder is '/nowhere', and rpicam-vid is not there now", "Capture:Camera=rpicam", "Capture:Rpicam:ToolsFolder=/nowhere")]
    [InlineData("Note: Capture:Gpio:Chip is no-such-chip; ", "Capture:Gpio:Chip=no-such-chip", "Capture:Gpio:Led:Line=3")]
    public async Task WhatMayComeLaterIsANote(string expected, params string[] settings)
    {
        (int exitCode, string output, string errors) = await ValidateAsync(settings);

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Contains("The configuration is fine.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelThatWasChosenStandsInForAConfiguredOneThatIsGone()
    {
        TinyModel.WriteTo(_folder.File("models"));
        Assert.Equal(ExitCodes.Fine, (await InProcess.RunAsync("model", "use", "tiny", "--set", $"Models:Trained={_folder.File("models")}")).ExitCode);

        (int exitCode, string output, string errors) = await ValidateAsync($"Models:Trained={_folder.File("models")}", "Models:Name=gone");

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("Note: Models:Name is gone; ", output, StringComparison.Ordinal);
    }

    /// <summary>Root may write everywhere, so that for root there is nothing to name.</summary>
    [Fact]
    public async Task AFolderThatThisUserCannotWriteIsNamed()
    {
        string folder = Directory.CreateDirectory(_folder.File("read-only"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;

        (_, string output, string errors) = await ValidateAsync($"Publish:Folder={folder}/outbox");

        Assert.NotEqual(Environment.IsPrivilegedProcess, (output + errors).Contains($"cannot write in {folder}: ", StringComparison.Ordinal));
    }

    Task<(int ExitCode, string Output, string Errors)> ValidateAsync(params string[] settings)
    {
        string[] usual = [$"Capture:Folder:Path={_folder.Path}", $"Publish:Folder={_folder.Path}", $"Log:Path={_folder.File("edgeshelf.log")}", $"Models:Trained={_folder.File("models")}"];
        return InProcess.RunAsync(["config", "validate", .. usual.Concat(settings).SelectMany(setting => new[] { "--set", Filled(setting) })]);
    }

    string Filled(string text)
    {
        string file = _folder.Write("a-file", "");
        return text.Replace("{file}", file, StringComparison.Ordinal).Replace("{folder}", _folder.Path, StringComparison.Ordinal);
    }
}
