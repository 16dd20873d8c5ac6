using EdgeShelf.Capture;
using EdgeShelf.Capture.Cameras;
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
        IReadOnlyList<string> problems = ProblemsOf(new CaptureOptions
        {
            Camera = "http",
            Interval = TimeSpan.FromDays(3),
            Timeout = TimeSpan.Zero,
            Http = { Url = "ftp://camera", User = "shelf" },
        });

        Assert.Equal(4, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Interval is 3.00:00:00; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Timeout is 00:00:00; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Http:Url is 'ftp://camera'; allowed are", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("Capture:Http:PasswordFile is empty", StringComparison.Ordinal));
    }

    [Fact]
    public void AnUnknownCameraIsAnsweredWithThoseThereAre()
    {
        string problem = Assert.Single(ProblemsOf(new CaptureOptions { Camera = "webcam" }));

        Assert.StartsWith("Capture:Camera is 'webcam'; allowed are", problem, StringComparison.Ordinal);
        Assert.All(CameraKinds.All, kind => Assert.Contains(kind, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void APasswordInTheAddressIsRefusedAndNotRepeated()
    {
        string problem = Assert.Single(ProblemsOf(new CaptureOptions { Camera = "http", Http = { Url = "http://shelf:tr0ub4dor@camera/" } }));

        Assert.Contains("PasswordFile", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("tr0ub4dor", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AProgramThatIsNotThereIsAProblem()
    {
        string problem = Assert.Single(ProblemsOf(new CaptureOptions { Camera = "command", Command = { Program = "no-such-camera" } }));

        Assert.StartsWith("Capture:Command:Program is no-such-camera; allowed are", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatAnotherCameraWouldNeedIsNotAskedFor()
    {
        Assert.Empty(ProblemsOf(new CaptureOptions { Camera = "folder", Folder = { Path = "/absent/yet" }, Http = { Url = "nonsense" } }));
    }

    [Theory]
    [InlineData("folder", "Folder:Path", "/somewhere", typeof(FolderCamera))]
    [InlineData("http", "Http:Url", "http://camera/snapshot.jpg", typeof(HttpCamera))]
    [InlineData("command", "Command:Program", "cat", typeof(CommandCamera))]
    public async Task EachKindOfCameraIsMadeFromTheConfiguration(string kind, string key, string value, Type expected)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Capture:Camera"] = kind, [$"Capture:{key}"] = value });
        builder.Services.AddSingleton<CaptureQueue>();
        builder.AddCapture();
        await using ServiceProvider services = builder.Services.BuildServiceProvider();

        Camera camera = services.GetRequiredService<Camera>();

        Assert.IsType(expected, camera);
        Assert.Equal(kind, camera.Kind);
    }

    static IReadOnlyList<string> ProblemsOf(CaptureOptions options)
    {
        ValidateOptionsResult result = new CaptureOptionsValidator().Validate(null, options);
        return [.. result.Failures ?? []];
    }
}
