using Countersign;
using Countersign.Commands;

if (Verbs.Has(args))
{
    return Verbs.Run(args);
}
var arguments = NginxArguments.Parse(args);
if (arguments.Error is { } wrong)
{
    Console.Error.WriteLine($"countersign: {wrong}\nSee: countersign -h");
    return 1;
}
if (arguments.ShowVersion)
{
    Console.Error.WriteLine(arguments.ShowHelp ? ProgramVersion.Help : arguments.ShowConfigure ? ProgramVersion.Long : ProgramVersion.Line);
    if (!arguments.TestConfiguration)
    {
        return 0;
    }
}
if (arguments.TestConfiguration)
{
    using var output = Console.OpenStandardOutput();
    return TestCommand.Run(arguments, Console.Error, output);
}
Console.Error.WriteLine($"countersign: [emerg] this version tests configurations and does not serve yet\nType: countersign -t -c {arguments.File}");
return 1;
