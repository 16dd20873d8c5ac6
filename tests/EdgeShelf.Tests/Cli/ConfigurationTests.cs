using EdgeShelf.Cli;
using EdgeShelf.Configuration;
using EdgeShelf.Publish;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;

namespace EdgeShelf.Tests.Cli;

public sealed class ConfigurationTests
{
    [Fact]
    public void OfTwoSettingsOfOneKeyTheLaterWins() =>
        Assert.Equal("2", EdgeShelfConfiguration.Load(null, ["Capture:Interval=1", "capture:interval=2"])["Capture:Interval"]);

    [Fact]
    public void LaterSourcesWin()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("edgeshelf.json", """{ "Capture": { "Interval": "00:00:10", "Camera": "http" } }""");

        IConfigurationRoot configuration = EdgeShelfConfiguration.Load(file, ["Capture:Interval=00:00:20"]);

        Assert.Equal("00:00:20", configuration["Capture:Interval"]);
        Assert.Equal("http", configuration["Capture:Camera"]);
    }

    [Fact]
    public void AFileThatIsNotThereIsNamed()
    {
        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => EdgeShelfConfiguration.Load("/nowhere/edgeshelf.json", []));
        Assert.Contains("/nowhere/edgeshelf.json", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\n  \"Capture\": { \"Interval\": \n}", "line 3, column 1: '}' stands where a value is needed")]
    [InlineData("{ \"Größe\": yes }", "line 1, column 12: 'y' stands where a value is needed")]
    [InlineData("{\n  Capture: {}\n}", "line 2, column 3: 'C' stands where a key in double quotes or } is needed")]
    [InlineData("{ \"Web\": { \"Port\": 1 \"Enabled\": true } }", "line 1, column 22: '\"' stands where a comma or } is needed")]
    [InlineData("{ \"Web\" { } }", "line 1, column 9: '{' stands where a colon after a key")]
    [InlineData("{ \"Web\": { }", "the file ends too early")]
    [InlineData("{ \"Web\": { } } }", "line 1, column 16: '}' stands where the file should end")]
    [InlineData("{ \"Log\": { \"Path\": \"a\nb\" } }", "control character stands inside a text")]
    [InlineData("{ \"Log\": { \"Path\": \"C:\\x\" } }", "an escape is begun with \\")]
    [InlineData("{ \"Log\": { \"Path\": \"\\ud800\" } }", "half of a surrogate pair")]
    [InlineData("", "is empty; a JSON object is needed")]
    [InlineData(" \n ", "is empty; a JSON object is needed")]
    [InlineData("[ { } ]", "line 1, column 1: the file holds a JSON array")]
    [InlineData("7", "the file holds a number")]
    [InlineData("{ \"Web\": { \"Port\": 1,\n \"port\": 2 } }", "line 2, column 2: the key \"port\" stands twice in one section")]
    [InlineData("{ \"\": 1 }", "line 1, column 3: the key is empty")]
    [InlineData("{ \"Web\": {\n \" \": 1 } }", "line 2, column 2: the key is empty")]
    [InlineData("hello", "'h' stands where { is needed")]
    public void AFileThatIsNoConfigurationIsExplainedWithLineAndColumn(string json, string expected)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("edgeshelf.json", json);

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => EdgeShelfConfiguration.Load(file, []));

        Assert.Contains(file, problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BytesThatAreNoUtf8AreNamedWithTheirPlace()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("edgeshelf.json");
        File.WriteAllBytes(file, [.. "{\n \"Log\": { \"Path\": \"gr"u8, 0xF6, .. "sse\" } }"u8]);

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => EdgeShelfConfiguration.Load(file, []));

        Assert.Contains("line 2, column 22: the byte 0xF6 is not UTF-8", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommentsALastCommaAndAByteOrderMarkAreAllowed()
    {
        using TemporaryFolder folder = new();
        string file = folder.File("edgeshelf.json");
        File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. "{ // The camera\n \"Capture\": { \"Camera\": \"http\", }, /* and */ }"u8]);

        Assert.Equal("http", EdgeShelfConfiguration.Load(file, [])["Capture:Camera"]);
    }

    [Fact]
    public void ASettingWithoutAValueIsExplained() =>
        Assert.Contains("--set Capture:Interval has no value", Assert.Throws<ConfigurationException>(() => EdgeShelfConfiguration.Load(null, ["Capture:Interval"])).Message, StringComparison.Ordinal);

    [Fact]
    public void EveryWrongKeyAndValueIsNamedAtOnce()
    {
        IConfiguration configuration = Settings(
            ("Capture:Intervall", "00:00:10"), ("Capture:Interval", "soon"), ("Vision:Threads", "many"), ("Kapture:Camera", "http"), ("Log:ToFile", "perhaps"));

        string[] problems = [.. ConfigurationCheck.KeyProblems(configuration)];

        Assert.Equal(5, problems.Length);
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Intervall is not a setting; Capture has ", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Interval is soon; a time is needed", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Vision:Threads is many; a whole number is needed", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Kapture is not a section; allowed are Capture, ", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Log:ToFile is perhaps; true or false", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Web": { "AllowedHosts": ["shelf.shop", null] } }""", "Web:AllowedHosts:1 is null; a text is needed")]
    [InlineData("""{ "Web": { "AllowedHosts": [{ "name": "shelf.shop" }] } }""", "Web:AllowedHosts:0 is a section; a text is needed")]
    [InlineData("""{ "Web": { "AllowedHosts": ["shelf.shop", ["other.shop"]] } }""", "Web:AllowedHosts:1 is a section; a text is needed")]
    [InlineData("""{ "Web": { "AllowedHosts": { "first": "shelf.shop" } } }""", "Web:AllowedHosts is a section; a list is needed")]
    [InlineData("""{ "Web": { "AllowedHosts": "shelf.shop" } }""", "Web:AllowedHosts is shelf.shop; a list is needed")]
    [InlineData("""{ "Capture": { "Command": { "Arguments": ["a\u0000b"] } } }""", "Capture:Command:Arguments:0 is a\\x00b; a text is needed")]
    public void AListItemThatIsNoTextIsNamed(string json, string expected)
    {
        string problem = Assert.Single(ConfigurationCheck.KeyProblems(Loaded(json)));

        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Web": { "AllowedHosts": [] } }""")]
    [InlineData("""{ "Web": { "AllowedHosts": null } }""")]
    [InlineData("""{ "Capture": { "Command": { "Arguments": ["--size", 4, true, ""] } } }""")]
    public void ListsOfTextsAndNumbersAreTaken(string json) => Assert.Empty(ConfigurationCheck.KeyProblems(Loaded(json)));

    /// <summary>JSON Schema, by which editors check the file, calls all of these integers.</summary>
    [Theory]
    [InlineData("8080.0", 8080)]
    [InlineData("8.08e3", 8080)]
    [InlineData("8080", 8080)]
    public void AWholeNumberMayBeWrittenInEachWayOfJson(string number, int expected)
    {
        IConfiguration configuration = Loaded($$"""{ "Web": { "Port": {{number}} }, "Publish": { "MaxBytes": {{number}} } }""");

        Assert.Empty(ConfigurationCheck.KeyProblems(configuration));
        Assert.Equal(expected, ConfigurationCheck.Read<WebOptions>(configuration, WebOptions.Section).Port);
        Assert.Equal(expected, ConfigurationCheck.Read<PublishOptions>(configuration, PublishOptions.Section).MaxBytes);
    }

    [Theory]
    [InlineData("8080.5")]
    [InlineData("99999999999")]
    [InlineData("1e400")]
    public void ANumberThatIsNotWholeOrTooLargeIsRefused(string number) =>
        Assert.StartsWith($"Web:Port is {number}; a whole number is needed", Assert.Single(ConfigurationCheck.KeyProblems(Loaded($$"""{ "Web": { "Port": {{number}} } }"""))), StringComparison.Ordinal);

    [Fact]
    public void ABlankKeyOfTheEnvironmentOrAFlagIsShown() => Assert.Equal(
        ["The key \" \" is not a section", "The key \"Web:\" is not a setting"],
        ConfigurationCheck.KeyProblems(Settings((" ", "1"), ("Web:", "1"))).Select(problem => problem.Split(';')[0]).Order(StringComparer.Ordinal));

    static IConfiguration Loaded(string json)
    {
        using TemporaryFolder folder = new();
        return EdgeShelfConfiguration.Load(folder.Write("edgeshelf.json", json), []);
    }

    [Fact]
    public void EveryFeaturesProblemsComeTogether()
    {
        IConfiguration configuration = Settings(
            ("Capture:Interval", "7.00:00:00"), ("Capture:Folder:Path", "/tmp"), ("Vision:Threads", "0"), ("Publish:Device", "a+b"), ("Log:MaxFiles", "0"), ("Log:Colour", "red"));

        ConfigurationException problem = Assert.Throws<ConfigurationException>(() => EdgeShelfHost.Build(configuration).Dispose());

        foreach (string key in new[] { "Capture:Interval is 7 d", "Vision:Threads is 0", "Publish:Device is", "a+b", "Log:MaxFiles is 0", "Log:Colour is not a setting" })
            Assert.Contains(key, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShowPrintsEverySettingAndTheTokenOnlyWhenAsked()
    {
        using TemporaryFolder folder = new();
        string token = folder.Write("token", "0123456789abcdef0123456789abcdef\n");

        (int exitCode, string shown, string errors) = EdgeShelfProcess.Run("config", "show", "--set", $"Web:TokenFile={token}");
        (int revealedCode, string revealed, _) = EdgeShelfProcess.Run("config", "show", "--reveal-token", "--set", $"Web:TokenFile={token}");

        Assert.True(exitCode == ExitCodes.Fine, errors);
        Assert.Contains("\"Interval\": \"00:01:00\"", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", shown, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Fine, revealedCode);
        Assert.Equal("0123456789abcdef0123456789abcdef", revealed.Trim());
    }

    static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    /// <summary>The unit's own fall-back is an empty line: on a fresh device there is no password, and no user name either.</summary>
    [Theory]
    [InlineData("\n", 0)]
    [InlineData("secret\n", 2)]
    public void AnEmptyCredentialIsNoPassword(string credential, int exitCode)
    {
        using TemporaryFolder folder = new();
        folder.Write("mqtt-password", credential);

        using EdgeShelfProcess validate = EdgeShelfProcess.StartBy(
            folder.Path, "env", $"CREDENTIALS_DIRECTORY={folder.Path}", EdgeShelfProcess.Program, "config", "validate", "--set", $"Capture:Folder:Path={folder.Path}");

        Assert.Equal(exitCode, validate.WaitForExit());
        Assert.Equal(exitCode != 0, validate.Errors.Contains("Publish:UserName is empty", StringComparison.Ordinal));
    }
}
