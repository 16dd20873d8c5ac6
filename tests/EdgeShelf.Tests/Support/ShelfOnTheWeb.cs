using System.Net.Http.Json;
using System.Text.Json;
using EdgeShelf.Capture;
using EdgeShelf.Publish;
using EdgeShelf.Publish.Outbox;
using EdgeShelf.Recognition;
using EdgeShelf.Shelf;
using EdgeShelf.Teaching;
using EdgeShelf.Web;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SkiaSharp;

namespace EdgeShelf.Tests.Support;

/// <summary>
/// The service with its page on a free port: real camera folder, real worker, real outbox, a tiny network. Only the broker is
/// away. Pictures are taken when a test asks, unless it sets the timer.
/// </summary>
sealed class ShelfOnTheWeb : IAsyncDisposable
{
    readonly TemporaryFolder _folder = new();
    readonly IHost _host;

    ShelfOnTheWeb(IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider clock, Action<IServiceCollection>? more)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Capture:Folder:Path"] = Pictures,
            ["Capture:Interval"] = "0",
            ["Models:Name"] = TinyModel.Name,
            ["Models:Trained"] = TinyModel.WriteTo(_folder.File("models")),
            ["Publish:Device"] = "shelf-07",
            ["Publish:Folder"] = _folder.File("state"),
            ["Shelf:State"] = _folder.File("state"),
            ["Vision:Threads"] = "1",
            ["Web:Port"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => setting.Value is null ? setting : new(setting.Key, setting.Value.Replace("{folder}", _folder.Path, StringComparison.Ordinal))));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<ILoggerProvider>(Log);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<CaptureQueue>();
        builder.Services.AddSingleton<ShelfStatus>();
        builder.Services.AddSingleton(new ShelfHistory(clock));
        builder.Services.AddSingleton<StageProgress>();
        builder.Services.AddOptions<PublishOptions>().BindSettings(PublishOptions.Section, PublishJson.Default.PublishOptions);
        builder.Services.AddSingleton(services => OpenOutbox(services.GetRequiredService<IOptions<PublishOptions>>().Value, clock));
        builder.Services.AddSingleton(new PictureInHand(_folder.File("state"), NullLogger<PictureInHand>.Instance));
        builder.AddCapture();
        builder.AddRecognition();
        builder.AddTeaching();
        builder.Services.AddSingleton<EvidenceQueue>();
        builder.Services.AddSingleton<ShelfEvents>();
        builder.Services.AddSingleton<BayReports>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BayReports>());
        builder.Services.AddHostedService<ShelfWorker>();
        builder.AddWeb();
        more?.Invoke(builder.Services);
        Directory.CreateDirectory(Pictures);
        _host = builder.Build();
    }

    public TextLog Log { get; } = new();
    public Uri Address { get; private set; } = null!;
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    public ShelfStatus Status => _host.Services.GetRequiredService<ShelfStatus>();
    public IServiceProvider Services => _host.Services;
    public WebServer Server => _host.Services.GetRequiredService<WebServer>();
    public string File(string name) => _folder.File(name);

    /// <summary>Where its models are; the tiny one is there from the start.</summary>
    public string Models => _folder.File("models");

    /// <summary>What the camera sees: it takes the files in the order of their names.</summary>
    public string Pictures => _folder.File("pictures");

    /// <param name="settings">`{folder}` in a value stands for the temporary folder.</param>
    public static async Task<ShelfOnTheWeb> StartAsync(params (string Key, string Value)[] settings)
    {
        ShelfOnTheWeb shelf = await StartWithoutWaitingAsync(TimeProvider.System, settings);
        await shelf.ListeningAsync();
        return shelf;
    }

    /// <param name="more">Services in place of its own.</param>
    public static async Task<ShelfOnTheWeb> StartAsync(Action<IServiceCollection> more, params (string Key, string Value)[] settings)
    {
        ShelfOnTheWeb shelf = await StartWithoutWaitingAsync(TimeProvider.System, settings, more);
        await shelf.ListeningAsync();
        return shelf;
    }

    public static Task<ShelfOnTheWeb> StartWithoutWaitingAsync(TimeProvider clock, params (string Key, string Value)[] settings) => StartWithoutWaitingAsync(clock, settings, null);

    static async Task<ShelfOnTheWeb> StartWithoutWaitingAsync(TimeProvider clock, (string Key, string Value)[] settings, Action<IServiceCollection>? more)
    {
        ShelfOnTheWeb shelf = new(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)), clock, more);
        await shelf._host.StartAsync(TestContext.Current.CancellationToken);
        return shelf;
    }

    public async Task ListeningAsync()
    {
        Address = await Server.Listening.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Http.BaseAddress = Address;
    }

    /// <summary>Puts a picture in front of the camera.</summary>
    public void Show(string name, byte[] picture) => System.IO.File.WriteAllBytes(Path.Combine(Pictures, name), picture);

    public void ShowPlain(string name, SKColor color) => Show(name, PicturesOf.Plain(color));

    /// <summary>As somebody at the page does.</summary>
    public async Task<JsonElement> CaptureAsync() => await ReadAsync(await Http.PostAsync("/api/capture", null, TestContext.Current.CancellationToken));

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await Http.GetAsync(path, TestContext.Current.CancellationToken));

    /// <summary>A form as browsers send it.</summary>
    public async Task<HttpResponseMessage> PredictAsync(params byte[][] pictures)
    {
        using MultipartFormDataContent form = [];
        for (int i = 0; i < pictures.Length; i++)
            form.Add(new ByteArrayContent(pictures[i]), "image", $"picture-{i}.jpg");
        return await Http.PostAsync("/predict", form, TestContext.Current.CancellationToken);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        // The worker is asynchronous to its end; SQLite's file is closed by the container.
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
        _folder.Dispose();
    }

    static DurableOutbox OpenOutbox(PublishOptions options, TimeProvider clock)
    {
        DurableOutbox outbox = new(options.Folder, options, clock, () => true, () => long.MaxValue, NullLogger<DurableOutbox>.Instance);
        outbox.Open();
        return outbox;
    }
}
