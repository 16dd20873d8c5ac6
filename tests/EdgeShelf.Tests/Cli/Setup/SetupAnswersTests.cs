using EdgeShelf.Cli;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Cli.Setup;

/// <summary>`setup --answers` through the edge of the program: exit codes and every problem.</summary>
public sealed class SetupAnswersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TheAnswersBecomeSettingsAndTheRestStays()
    {
        _folder.Write("edgeshelf.json", """{ "Log": { "Level": "Debug" } }""");

        (int exitCode, string output, string errors) = await TakeAsync(
            """{ "camera": { "kind": "http", "url": "http://192.168.1.20/snapshot.jpg" }, "broker": "mqtts://broker", "device": "shelf-07", "button": 17, "light": 27, "page": "network", "settings": { "Capture": { "Interval": "5m" } } }""",
            "--no-trial");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Equal(
            """{"Log":{"Level":"Debug"},"Capture":{"Camera":"http","Http":{"Url":"http://192.168.1.20/snapshot.jpg"},"Gpio":{"Button":{"Line":17},"Led":{"Line":27}},"Interval":"5m"},"Publish":{"Broker":"mqtts://broker","Device":"shelf-07"},"Web":{"Address":"0.0.0.0"}}""",
            string.Concat(File.ReadAllText(_folder.File("edgeshelf.json")).Where(letter => !char.IsWhiteSpace(letter))));
    }

    [Fact]
    public async Task ThePasswordIsCopiedToAFileThatOnlyItsOwnerReads()
    {
        string secret = _folder.Write("secret", "on the shelf\nmore\n");

        (int exitCode, string output, string errors) = await TakeAsync(
            $$"""{ "camera": "auto", "broker": { "address": "mqtts://broker", "user": "shelf-07", "password_file": "{{secret}}" } }""", "--no-trial");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Equal("on the shelf\n", File.ReadAllText(_folder.File("mqtt-password")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.File("mqtt-password")));
        Assert.DoesNotContain("on the shelf", File.ReadAllText(_folder.File("edgeshelf.json")) + output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryWrongAnswerIsNamedAndNothingIsWritten()
    {
        (int exitCode, _, string errors) = await TakeAsync("""{ "kamera": "auto", "camera": { "kind": "http", "adress": "x" }, "broker": { "user": "u", "password_file": "/nowhere/secret" }, "button": "17", "page": "everybody", "settings": [] }""");

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.All(["kamera is not an answer", "camera:adress is not an answer", "broker:password_file is /nowhere/secret; it cannot be read", "broker is a section with ", "needed is an address", "button is \"17\"; needed is a whole number", "page is \"everybody\"", "settings is a list"],
            problem => Assert.Contains(problem, errors, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.File("edgeshelf.json")));
    }

    [Fact]
    public async Task WhatTheSettingsWouldRefuseIsNamedAllAtOnce()
    {
        (int exitCode, _, string errors) = await TakeAsync("""{ "camera": "kodak", "device": "a/b", "settings": { "Capture": { "Intervall": "5m" } } }""");

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.All(["Capture:Camera is 'kodak'", "Publish:Device is", "Capture:Intervall is not a setting"], problem => Assert.Contains(problem, errors, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.File("edgeshelf.json")));
    }

    [Theory]
    [InlineData("", "answers.json is empty")]
    [InlineData("[]", "a JSON object with answers is needed, for example { \"camera\"")]
    [InlineData("{", "the file ends too early")]
    [InlineData("""{ "camera": "kodak" }""", "Capture:Camera is 'kodak'")]
    [InlineData("""{ "camera": "auto", "settings": { "Publish": "mqtt://broker" } }""", "Publish is mqtt://broker; a section with settings in it is needed")]
    [InlineData("""{ "camera": "auto", "settings": { "Nope": {} } }""", "settings: Nope is neither a setting nor a section")]
    [InlineData("""{ "camera": "auto", "settings": { "Capture": { "Gpio": { "Buton": {} } } } }""", "settings: Capture:Gpio:Buton is neither a setting nor a section")]
    [InlineData("""{ "camera": "auto", "settings": { "Publish": { "Brocker": null } } }""", "settings: Publish:Brocker is neither a setting nor a section")]
    [InlineData("""{ "camera": "auto", "broker": { "address": "" } }""", "broker:address is empty; a text is needed")]
    [InlineData("""{ "camera": "auto", "broker": "" }""", "broker is empty; needed is an address")]
    [InlineData("""{ "group": "" }""", "group is empty; needed is a text: the group of the fleet")]
    [InlineData("""{ "device": "" }""", "device is empty; needed is a text: the device's name")]
    [InlineData("""{ "fleet_key": "" }""", "fleet_key is empty; needed is a text")]
    [InlineData("""{ "camera": "" }""", "camera is empty; needed is a kind")]
    [InlineData("""{ "camera": { "kind": "http", "url": "" } }""", "camera:url is empty; a text is needed")]
    [InlineData("""{ "broker": { "address": "mqtt://b", "user": "u", "password": "" } }""", "broker:password is empty; a text is needed")]
    [InlineData("""{ "broker": { "address": "mqtt://b", "user": "u", "password_file": "" } }""", "broker:password_file is empty; a text is needed")]
    [InlineData("""{ "broker": { "address": "mqtts://b", "ca": "" } }""", "broker:ca is empty; a text is needed")]
    [InlineData("""{ "button": 17.5 }""", "button is 17.5; needed is a whole number")]
    [InlineData("""{ "button": 99999999999 }""", "button is 99999999999; needed is a whole number")]
    [InlineData("""{ "": "auto" }""", "line 1, column 3: the key is empty")]
    [InlineData("""{ "settings": { "Web": { "": 1 } } }""", "line 1, column 26: the key is empty")]
    [InlineData("""{ "camera": "auto", "settings": { "Capture": { "Gpio": 17 } } }""", "Capture:Gpio is 17; a section with settings in it is needed")]
    public async Task AWrongFileSaysWhatToDoWithIt(string json, string problem)
    {
        (int exitCode, _, string errors) = await TakeAsync(json, "--no-trial");

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains(problem, errors, StringComparison.Ordinal);
        Assert.Contains("run the command again. Nothing was written.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("config validate", errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("edgeshelf.json")));
    }

    /// <summary>JSON Schema, by which editors check the file, calls 17.0 an integer.</summary>
    [Theory]
    [InlineData("17.0")]
    [InlineData("1.7e1")]
    public async Task ALineMayBeWrittenInEachWayOfJson(string line)
    {
        (int exitCode, string output, string errors) = await TakeAsync($$"""{ "camera": "auto", "button": {{line}}, "settings": { "Web": { "Port": 8081.0 } } }""", "--no-trial");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Contains("\"Line\": 17\n", File.ReadAllText(_folder.File("edgeshelf.json")), StringComparison.Ordinal);
    }

    /// <summary>An empty user is a camera or a broker without a login.</summary>
    [Fact]
    public async Task AnEmptyUserIsNone()
    {
        (int exitCode, string output, string errors) = await TakeAsync("""{ "camera": { "kind": "http", "url": "http://camera/", "user": "" }, "broker": { "address": "mqtt://b", "user": "" } }""", "--no-trial");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
    }

    /// <summary>A template for many devices may have sections that are empty on some.</summary>
    [Fact]
    public async Task AnEmptySectionThatIsKnownChangesNothing()
    {
        _folder.Write("edgeshelf.json", """{ "Capture": { "Interval": "90s" } }""");

        (int exitCode, string output, string errors) = await TakeAsync("""{ "camera": "auto", "settings": { "Capture": {}, "Web": { "Port": 8081 }, "Publish": { "UserName": null } } }""", "--no-trial");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Equal(
            """{"Capture":{"Interval":"90s","Camera":"auto"},"Web":{"Port":8081},"Publish":{}}""",
            string.Concat(File.ReadAllText(_folder.File("edgeshelf.json")).Where(letter => !char.IsWhiteSpace(letter))));
    }

    [Fact]
    public async Task WithoutAnswersThereIsNothingToLeaveUntried()
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync("setup", "--no-trial", "--no-restart", "--config", _folder.File("edgeshelf.json"));

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains("--no-trial belongs to --answers", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--once and --answers are both given", "--once", "a.json", "--answers", "b.json")]
    [InlineData("--if-new belongs to --once", "--if-new")]
    [InlineData("--if-new belongs to --once", "--if-new", "--answers", "b.json")]
    public async Task OptionsThatDoNotBelongTogetherAreRefused(string said, params string[] options)
    {
        (int exitCode, string output, string errors) = await InProcess.RunAsync(["setup", "--no-restart", "--config", _folder.File("edgeshelf.json"), .. options]);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.DoesNotContain("Which camera?", output, StringComparison.Ordinal);
        Assert.Contains(said, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFolderIsNoFileWithAnswers()
    {
        (int exitCode, _, string errors) = await InProcess.RunAsync(["setup", "--config", _folder.File("edgeshelf.json"), "--answers", _folder.Path]);

        Assert.Equal(ExitCodes.BadUsage, exitCode);
        Assert.Contains($"{_folder.Path} is a folder.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatDoesNotWorkYetIsNamedAndTheSettingsAreWritten()
    {
        (int exitCode, string output, _) = await TakeAsync($$"""{ "camera": "folder", "broker": "mqtt://127.0.0.1:1", "settings": { "Capture": { "Folder": { "Path": "{{_folder.Path}}" } } } }""");

        Assert.Equal(ExitCodes.Failed, exitCode);
        Assert.Contains("Problem: the camera folder gave no picture", output, StringComparison.Ordinal);
        Assert.Contains("Problem: broker: Nothing listens at the broker's address. Check ", output, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("edgeshelf.json")));
    }

    [Fact]
    public async Task ACameraThatGivesAPictureIsNoProblem()
    {
        File.WriteAllBytes(_folder.File("a.jpg"), PicturesOf.Scene());

        (int exitCode, string output, string errors) = await TakeAsync($$"""{ "camera": "folder", "settings": { "Capture": { "Folder": { "Path": "{{_folder.Path}}" } } } }""");

        Assert.True(exitCode == ExitCodes.Fine, output + errors);
        Assert.Contains("The device is set up.", output, StringComparison.Ordinal);
    }

    /// <summary>The real program with its input at an end, as in a script without a terminal.</summary>
    [Fact]
    public void WithoutATerminalTheDialogEndsAndChangesNothing()
    {
        string file = _folder.File("edgeshelf.json");

        using EdgeShelfProcess setup = EdgeShelfProcess.StartBy(_folder.Path, "sh", "-c", $"'{EdgeShelfProcess.Program}' setup --no-restart --config '{file}' </dev/null");

        Assert.Equal(ExitCodes.Failed, setup.WaitForExit());
        Assert.Contains("Which camera?", setup.Output, StringComparison.Ordinal);
        Assert.Contains("nothing is changed. Without a terminal, use `edgeshelf setup --answers FILE`.", setup.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    Task<(int ExitCode, string Output, string Errors)> TakeAsync(string json, params string[] more) =>
        InProcess.RunAsync(["setup", "--no-restart", "--config", _folder.File("edgeshelf.json"), "--answers", _folder.Write("answers.json", json), .. more]);
}
