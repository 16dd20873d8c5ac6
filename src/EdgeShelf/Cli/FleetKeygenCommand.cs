using System.CommandLine;
using System.Text;
using EdgeShelf.Fleet;
using EdgeShelf.Platform;
using EdgeShelf.Shelf;

namespace EdgeShelf.Cli;

/// <summary>`edgeshelf fleet keygen`: makes the pair of keys by which devices know their fleet's models.</summary>
static class FleetKeygenCommand
{
    const string PrivateName = "fleet.key", PublicName = "fleet.pub";

    public static Command Create()
    {
        Option<string> folder = new("--out", "-o") { Description = "The folder for fleet.key and fleet.pub. It is made if it does not exist.", HelpName = "DIR", Required = true };
        Command command = new("keygen", "Make the pair of keys with which models are signed and checked.") { folder };
        command.SetAction(parsed =>
        {
            string into = Path.GetFullPath(parsed.GetRequiredValue(folder));
            (string privatePath, string publicPath) = (Path.Combine(into, PrivateName), Path.Combine(into, PublicName));
            if (new[] { privatePath, publicPath }.FirstOrDefault(Path.Exists) is { } there)
                throw new ConfigurationException($"{there} exists already.", "Name another folder. Devices that know the old key refuse models that are signed with a new one.");
            (string privateKey, string publicKey) = FleetKeys.Make();
            Directory.CreateDirectory(into);
            DurableFile.Write(privatePath, Encoding.ASCII.GetBytes(privateKey), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            DurableFile.Write(publicPath, Encoding.ASCII.GetBytes(publicKey), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            TextWriter output = parsed.InvocationConfiguration.Output;
            output.WriteLine($"{privatePath} signs models. Keep it off the devices and back it up: it is not encrypted, and without it no model can be signed any more.");
            output.WriteLine($"{publicPath} goes to each device, as /etc/edgeshelf/fleet.pub.");
            return ExitCodes.Fine;
        });
        return command;
    }
}
