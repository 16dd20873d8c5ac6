namespace EdgeShelf.Cli;

static class ExitCodes
{
    public const int Fine = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;
}
