using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Shelf;
using EdgeShelf.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Tests.Capture;

public sealed class CaptureOptionsTests
{
    [Fact]
    public void EveryProblemIsToldAtOnceWithKeyValueAndWhatIsAllowed()
    {
        IReadOnlyList<string> problems = ProblemsOf(("Camera", "http"), ("Interval", "3.00:00:00"), ("Timeout", "00:00:00"), ("Http:Url", "ftp://camera"), ("Http:User", "shelf"));

        Assert.Equal(4, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Interval is 3 d; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Timeout is 0 s; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Http:Url is 'ftp://camera'; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Http:PasswordFile is empty", StringComparison.Ordinal));
    }

    [Fact]
    public void AnUnknownCameraIsAnsweredWithThoseThereAre()
    {
        string problem = Assert.Single(ProblemsOf(("Camera", "webcam")));

        Assert.StartsWith("Capture:Camera is 'webcam'; allowed are", problem, StringComparison.Ordinal);
        Assert.All(CameraKinds.All, kind => Assert.Contains(kind.Name, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void APasswordInTheAddressIsRefusedAndNotRepeated()
    {
        string problem = Assert.Single(ProblemsOf(("Camera", "http"), ("Http:Url", "http://shelf:tr0ub4dor@camera/")));

        Assert.Contains("PasswordFile", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("tr0ub4dor", problem, StringComparison.Ordinal);
    }

    /// <summary>Neither HTTP nor XML can carry them, so that a picture would fail with an error about XML.</summary>
    [Theory]
    [InlineData("http", "http://camera/")]
    [InlineData("rtsp", "rtsp://camera/")]
    [InlineData("onvif", "onvif://camera")]
    public void ALoginWithAControlCharacterIsRefusedAndThePasswordIsNotRepeated(string kind, string url)
    {
        string section = $"{char.ToUpperInvariant(kind[0])}{kind[1..]}";
        using TemporaryFolder folder = new();
        string good = folder.Write("good", "tr0ub4dor\n"), bad = folder.Write("bad", "tr0ub\u00014dor\n"), lines = folder.Write("lines", "tr0ub\n4dor\n");

        string[] problems =
        [
            .. ProblemsOf(("Camera", kind), ($"{section}:Url", url), ($"{section}:User", "sh\u0001elf"), ($"{section}:PasswordFile", good)),
            .. ProblemsOf(("Camera", kind), ($"{section}:Url", url), ($"{section}:User", "shelf"), ($"{section}:PasswordFile", bad)),
            .. ProblemsOf(("Camera", kind), ($"{section}:Url", url), ($"{section}:User", "shelf"), ($"{section}:PasswordFile", lines)),
            .. ProblemsOf(("Camera", kind), ($"{section}:Url", url), ($"{section}:User", "shelf"), ($"{section}:PasswordFile", good)),
        ];

        string allowed = "allowed are files with one line, which is the password, and no control characters";
        Assert.Equal(
            [$"Capture:{section}:User is 'sh\\x01elf'; allowed are names without control characters", $"Capture:{section}:PasswordFile is {bad}; {allowed}", $"Capture:{section}:PasswordFile is {lines}; {allowed}"], problems);
    }

    [Fact]
    public void AnAddressWithThePortZeroIsAProblem() =>
        Assert.StartsWith("Capture:Onvif:Url is 'onvif://camera:0'; allowed are ports from 1 to 65535", Assert.Single(ProblemsOf(("Camera", "onvif"), ("Onvif:Url", "onvif://camera:0"))), StringComparison.Ordinal);

    [Fact]
    public void AuthoritiesForACameraWithoutTlsAreAProblem()
    {
        string problem = Assert.Single(ProblemsOf(("Camera", "http"), ("Http:Url", "http://camera/"), ("Http:CaFile", "/dev/null")));

        Assert.StartsWith("Capture:Http:CaFile is /dev/null; allowed is nothing without TLS", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatIsNotThereIsAProblem()
    {
        string problem = Assert.Single(ProblemsOf(("Camera", "command"), ("Command:Program", "no-such-camera")));

        Assert.StartsWith("Capture:Command:Program is no-such-camera; allowed are", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAnotherCameraWouldNeedIsNotAskedFor() =>
        Assert.Empty(ProblemsOf(("Camera", "folder"), ("Folder:Path", "/absent/yet"), ("Http:Url", "nonsense")));

    [Fact]
    public async Task AWatchedFolderHasNoTimer()
    {
        await using ServiceProvider services = Services(("Folder:Path", "/pictures"), ("Folder:Watch", "true"), ("Interval", "00:01:00"));

        Assert.Equal(TimeSpan.Zero, services.GetRequiredService<CaptureInterval>().Current);
    }

    [Theory]
    [InlineData("folder", "Folder:Path", "/somewhere", typeof(FolderCamera))]
    [InlineData("http", "Http:Url", "http://camera/snapshot.jpg", typeof(HttpCamera))]
    [InlineData("command", "Command:Program", "cat", typeof(CommandCamera))]
    public async Task EachKindOfCameraIsMadeFromTheConfiguration(string kind, string key, string value, Type expected)
    {
        await using ServiceProvider services = Services(("Camera", kind), (key, value));

        Camera camera = services.GetRequiredService<Camera>();

        Assert.IsType(expected, camera);
        Assert.Equal(kind, camera.Kind);
    }

    static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"Capture:{setting.Key}", (string?)setting.Value)));
        builder.Services.AddSingleton<CaptureQueue>();
        builder.AddCapture();
        return builder.Services.BuildServiceProvider();
    }

    static IReadOnlyList<string> ProblemsOf(params (string Key, string Value)[] settings)
    {
        using ServiceProvider services = Services(settings);
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException problem)
        {
            return [.. problem.Failures];
        }
        catch (AggregateException several)
        {
            return [.. several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(problem => problem.Failures)];
        }
    }
}
