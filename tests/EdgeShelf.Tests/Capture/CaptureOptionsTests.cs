using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
using EdgeShelf.Capture.Triggers;
using EdgeShelf.Shelf;
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
