using EdgeShelf.Systemd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeShelf.Publish;

static class PublishServices
{
    /// <summary>The outbox, opened when it is first asked for.</summary>
    public static void AddPublish(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<PublishOptions>().BindConfiguration(PublishOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton(services =>
        {
            Outbox outbox = new(
                ServiceDirectories.State, services.GetRequiredService<IOptions<PublishOptions>>().Value, services.GetRequiredService<TimeProvider>(),
                () => false, () => long.MaxValue, services.GetRequiredService<ILogger<Outbox>>());
            outbox.Open();
            return outbox;
        });
    }
}
