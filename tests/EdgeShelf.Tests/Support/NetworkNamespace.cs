using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace EdgeShelf.Tests.Support;

/// <summary>A network of its own behind a virtual cable, on which all packets can be lost without anyone being told.</summary>
sealed class NetworkNamespace : IDisposable
{
    readonly string _name = $"edgeshelf-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
    readonly string _cable = $"es{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";

    // All have the same addresses, so there is one at a time.
    static readonly SemaphoreSlim One = new(1, 1);

    /// <summary>This end's address: what is outside, to a program that runs inside.</summary>
    public IPAddress Outside { get; } = new([10, 231, 77, 1]);

    /// <summary>The far end's address.</summary>
    public IPAddress Inside { get; } = new([10, 231, 77, 2]);

    /// <summary>In front of a command, it runs there.</summary>
    public string[] Prefix => ["ip", "netns", "exec", _name];

    /// <summary>Skips the test where that is not allowed.</summary>
    public static NetworkNamespace Create()
    {
        Assert.SkipUnless(ProgramsOnPath.Find("ip", "/usr/sbin", "/sbin") is not null, "ip (iproute2) is not installed.");
        Assert.True(One.Wait(TimeSpan.FromMinutes(3)), "Another test keeps the network for itself.");
        NetworkNamespace network = new();
        bool made = Run("netns", "add", network._name)
            && Run("link", "add", network._cable, "type", "veth", "peer", "name", "inside", "netns", network._name)
            && Run("addr", "add", "10.231.77.1/30", "dev", network._cable)
            && Run("link", "set", network._cable, "up")
            && Run("-n", network._name, "link", "set", "inside", "up")
            && Run("-n", network._name, "addr", "add", "10.231.77.2/30", "dev", "inside");
        if (!made)
            network.Dispose();
        Assert.SkipUnless(made, "a network namespace is not allowed here (root is needed).");
        return network;
    }

    /// <summary>The far end no longer takes what is meant for it, and answers nothing.</summary>
    public void LosePackets() => Assert.True(Run("-n", _name, "addr", "del", "10.231.77.2/30", "dev", "inside"));

    public void Mend() => Assert.True(Run("-n", _name, "addr", "add", "10.231.77.2/30", "dev", "inside"));

    /// <summary>Programs inside ask this end for names, and send it everything that is for elsewhere.</summary>
    public void LeadEverythingOutside()
    {
        // `ip netns exec` puts these files in the place of the machine's own (ip-netns(8)).
        Directory.CreateDirectory($"/etc/netns/{_name}");
        File.WriteAllText($"/etc/netns/{_name}/resolv.conf", $"nameserver {Outside}\n");
        Assert.True(Run("-n", _name, "link", "set", "lo", "up"));
        Assert.True(Run("-n", _name, "route", "add", "default", "via", $"{Outside}"));
    }

    public void Dispose()
    {
        Run("link", "del", _cable);
        Run("netns", "del", _name);
        if (Directory.Exists($"/etc/netns/{_name}"))
            Directory.Delete($"/etc/netns/{_name}", recursive: true);
        One.Release();
    }

    static bool Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
