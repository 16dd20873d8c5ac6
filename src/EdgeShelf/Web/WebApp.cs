using EdgeShelf.Publish.Documents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeShelf.Web;

/// <summary>
/// Puts Kestrel, the guards and the routes together. It has a container of its own, so that it can be built anew when it
/// does not start, and shares the service's singletons.
/// </summary>
static class WebApp
{
    /// <summary>Beyond it connections are closed at once: a device has few people to serve.</summary>
    const int MaxConnections = 100;

    public static WebApplication Build(IServiceProvider shelf, WebOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        IServiceCollection services = builder.Services;
        services.AddSingleton<IHostLifetime, NoLifetime>();
        services.AddSingleton<ILoggerFactory>(new WithoutHostLines(shelf.GetRequiredService<ILoggerFactory>()));
        services.AddLogging();
        services.AddRouting();
        services.AddProblemDetails();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = ResultDocument.Json.PropertyNamingPolicy);
        services.AddOpenApi(ApiDescription.Configure);
        services.AddOpenTelemetry().WithMetrics(shelf.GetRequiredService<ShelfMetrics>().ExportTo);
        // By a factory: the container takes the timers in it down with it.
        services.AddSingleton(_ => new WebLogin(options, shelf.GetRequiredService<TimeProvider>(), shelf.GetRequiredService<ILogger<WebServer>>()));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, options));

        WebApplication app = builder.Build();
        WebLogin? login = options.NeedsToken ? app.Services.GetRequiredService<WebLogin>() : null;
        app.Use(SecurityHeaders.Add);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = problem => problem is Microsoft.AspNetCore.Http.BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
        });
        app.UseStatusCodePages();
        app.Use(new RequestOrigin(options).Check);
        if (login is not null)
        {
            app.Use(new TokenCheck(login).Check);
            app.MapLogin(login);
        }
        app.MapPage(canSignOut: login is not null);
        foreach (RouteModule module in shelf.GetServices<RouteModule>())
            module.Map(app);
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi.json");
        return app;
    }

    static void Configure(KestrelServerOptions kestrel, WebOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.MaxRequestBodySize = UploadReader.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestHeaderCount = 50;
        kestrel.Limits.MaxRequestLineSize = 4 << 10;
        // Kestrel's own 240 bytes a second would let an upload keep its permit for all of its time.
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(UploadReader.MinBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        kestrel.Listen(options.ListenAddress, options.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            // Before TLS: a connection too many costs no handshake.
            listen.Use(new ConnectionLimit().Wrap);
            if (options.CertificateFile is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = new ServerCertificate(options).SelectAsync });
        });
    }

    /// <summary>
    /// The service's log without what this inner host says of itself: each attempt on a port that is taken would be a line with a stack trace, while
    /// <see cref="WebServer"/> tells the beginning and the end. The line about each request would decode the Host header, which can throw.
    /// </summary>
    sealed class WithoutHostLines(ILoggerFactory log) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => categoryName is "Microsoft.Extensions.Hosting.Internal.Host" or "Microsoft.AspNetCore.Hosting.Diagnostics"
            ? NullLogger.Instance
            : log.CreateLogger(categoryName);

        public void AddProvider(ILoggerProvider provider) => log.AddProvider(provider);

        public void Dispose()
        {
            // The log is the service's and lives on.
        }
    }

    /// <summary>Signals belong to the host around it.</summary>
    sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
