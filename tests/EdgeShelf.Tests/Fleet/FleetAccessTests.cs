using System.Globalization;
using EdgeShelf.Tests.Support;

namespace EdgeShelf.Tests.Fleet;

/// <summary>The access rules of scripts/samples/fleet, held by real brokers: a device reaches only what is its own.</summary>
public sealed class FleetAccessTests : IDisposable
{
    static readonly TimeSpan Within = TimeSpan.FromSeconds(60);
    static readonly string Samples = Path.Combine(Checkout.Root, "scripts", "samples", "fleet");

    readonly TemporaryFolder _folder = new();
    readonly BackgroundPrograms _programs = new();

    public void Dispose()
    {
        _programs.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task MosquittosFileLetsEachDeviceUseItsOwnTopicsOnly()
    {
        using Mosquitto broker = Mosquitto.Start("allow_anonymous false\npassword_file {folder}/passwords\nacl_file {folder}/fleet.acl", started: false);
        // mosquitto reads no file that others may write.
        await File.WriteAllTextAsync(Path.Combine(broker.Folder, "fleet.acl"), await File.ReadAllTextAsync(Path.Combine(Samples, "mosquitto", "fleet.acl"), Cancellation), Cancellation);
        string passwords = Path.Combine(broker.Folder, "passwords");
        foreach (string user in (string[])["store1-01", "store1-02", "engineer", "backend"])
            Fine(BackgroundPrograms.Run(null, ["mosquitto_passwd", .. File.Exists(passwords) ? Array.Empty<string>() : ["-c"], "-b", passwords, user, "secret"]));
        broker.Start();

        await HoldsAsync(broker.Port, "5", _ => "secret", isGroupKnown: false);
    }

    [Fact]
    public async Task ProvisionedDevicesOfTheDynamicSecurityPluginUseTheirOwnTopicsOnly()
    {
        string? plugin = new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu" }.Select(folder => Path.Combine(folder, "mosquitto_dynamic_security.so")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(plugin is not null && ProgramsOnPath.Find("mosquitto_rr") is not null, "mosquitto's dynamic security plugin or mosquitto_rr is not installed.");
        using Mosquitto broker = Mosquitto.Start($"allow_anonymous false\nplugin {plugin}\nplugin_opt_config_file {{folder}}/dynamic-security.json", started: false);
        Fine(BackgroundPrograms.Run(null, "mosquitto_ctrl", "dynsec", "init", Path.Combine(broker.Folder, "dynamic-security.json"), "admin", "admin-secret"));
        broker.Start();
        Dictionary<string, string> passwords = new() { ["engineer"] = "secret", ["backend"] = "secret" };
        foreach (string device in (string[])["store1-01", "store1-02"])
            passwords[device] = Provision(device, "rest").Output.Trim();
        Ctrl("createRole", "engineer");
        foreach (string topic in (string[])["edgeshelf/+/reported", "edgeshelf/+/result"])
            Ctrl("addRoleACL", "engineer", "subscribePattern", topic, "allow");
        Ctrl("addRoleACL", "engineer", "publishClientSend", "edgeshelf/#", "allow");
        foreach (string user in (string[])["engineer", "backend"])
        {
            Ctrl("createClient", user, "-p", "secret");
            Ctrl("addClientRole", user, "engineer");
        }

        await HoldsAsync(broker.Port, "5", user => passwords[user], isGroupKnown: true);

        // Again: another password, and the old one is worth nothing any more.
        string renewed = Provision("store1-01", "rest").Output.Trim();
        Assert.NotEqual(passwords["store1-01"], renewed);
        Assert.NotEqual(0, Publish(broker.Port, "5", "store1-01", passwords["store1-01"], "edgeshelf/store1-01/result", "{}").ExitCode);
        Assert.Equal(0, Publish(broker.Port, "5", "store1-01", renewed, "edgeshelf/store1-01/result", "{}").ExitCode);
        Assert.Equal(2, BackgroundPrograms.Run(null, Path.Combine(Samples, "mosquitto", "provision.sh"), "shelf/#", "rest").ExitCode);

        (int ExitCode, string Output, string Errors) Provision(string device, string group) =>
            Fine(BackgroundPrograms.Run(null, Path.Combine(Samples, "mosquitto", "provision.sh"), device, group, "-h", "127.0.0.1", "-p", Text(broker.Port), "-u", "admin", "-P", "admin-secret"));
        void Ctrl(params string[] arguments) => Fine(BackgroundPrograms.Run(null, ["mosquitto_ctrl", "-h", "127.0.0.1", "-p", Text(broker.Port), "-u", "admin", "-P", "admin-secret", "dynsec", .. arguments]));
    }

    [Fact]
    public async Task NatsLetsEachDeviceUseItsOwnTopicsOnly()
    {
        string users = Fine(BackgroundPrograms.Run("store1-01 rest secret\nstore1-02 rest secret\n", Path.Combine(Samples, "nats", "users.sh"), "secret", "secret")).Output;
        using Nats broker = Nats.Start(users);

        await HoldsAsync(broker.Port, "311", _ => "secret", isGroupKnown: true);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="isGroupKnown">Whether the broker knows the group of a device.</param>
    async Task HoldsAsync(int port, string version, Func<string, string> password, bool isGroupKnown)
    {
        Subscribe("engineer", "edgeshelf/+/reported");
        Subscribe("backend", "edgeshelf/+/result");
        // What a device may read.
        foreach (string topic in (string[])["edgeshelf/store1-02/desired", "edgeshelf/store1-02/request/+", "edgeshelf/_group/rest/desired"])
            Subscribe("store1-02", topic);
        // What it may not: some brokers refuse the subscription, others only the messages.
        foreach (string topic in (string[])["edgeshelf/store1-01/#", "edgeshelf/+/desired", "edgeshelf/#", "edgeshelf/store1-01/desired", .. isGroupKnown ? new[] { "edgeshelf/_group/canary/desired" } : []])
            Subscribe("store1-02", topic, "stranger ");

        // What a device may not write comes before what it may, so that its absence means something.
        foreach (string topic in (string[])["edgeshelf/store1-01/result", "edgeshelf/store1-01/reported", "edgeshelf/store1-02/desired", "edgeshelf/_group/rest/desired"])
            Publish(port, version, "store1-02", password("store1-02"), topic, "forged");
        await Wait.UntilAsync(
            () =>
            {
                Publish(port, version, "store1-02", password("store1-02"), "edgeshelf/store1-02/result", "its own");
                Publish(port, version, "store1-02", password("store1-02"), "edgeshelf/store1-02/reported", "its own");
                Publish(port, version, "engineer", password("engineer"), "edgeshelf/store1-01/desired", "of another");
                Publish(port, version, "engineer", password("engineer"), "edgeshelf/_group/canary/desired", "of another group");
                Publish(port, version, "engineer", password("engineer"), "edgeshelf/store1-02/desired", "of this");
                Publish(port, version, "engineer", password("engineer"), "edgeshelf/_group/rest/desired", "of its group");
                return Has("backend edgeshelf/store1-02/result its own") && Has("engineer edgeshelf/store1-02/reported its own")
                    && Has("store1-02 edgeshelf/store1-02/desired of this") && Has("store1-02 edgeshelf/_group/rest/desired of its group");
            },
            Within, "what is allowed arrives");

        Assert.DoesNotContain(_programs.Lines, line => line.EndsWith("forged", StringComparison.Ordinal));
        Assert.DoesNotContain(_programs.Lines, line => line.EndsWith("of another", StringComparison.Ordinal));
        if (isGroupKnown)
            Assert.DoesNotContain(_programs.Lines, line => line.EndsWith("of another group", StringComparison.Ordinal));

        bool Has(string line) => _programs.Lines.Contains(line);
        void Subscribe(string user, string topic, string prefix = "") =>
            _programs.Start($"{prefix}{user} ", "mosquitto_sub", "-h", "127.0.0.1", "-p", Text(port), "-V", version, "-u", user, "-P", password(user), "-i", $"{user}-{Guid.NewGuid():N}", "-q", "1", "-t", topic, "-v");
    }

    static (int ExitCode, string Output, string Errors) Publish(int port, string version, string user, string password, string topic, string payload) =>
        BackgroundPrograms.Run(null, "mosquitto_pub", "-h", "127.0.0.1", "-p", Text(port), "-V", version, "-u", user, "-P", password, "-i", $"{user}-pub", "-q", "1", "-t", topic, "-m", payload);

    static (int ExitCode, string Output, string Errors) Fine((int ExitCode, string Output, string Errors) ended)
    {
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
        return ended;
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
