/** Element type of a mimic file -> the symbol that draws it. */
import type { ComponentType } from "react";
import { Compressor, Conveyor, Fan, Heater, Mixer, Motor, Pump } from "./drives";
import { ControlValve, Pipe, ThreeWayValve, Valve } from "./flow";
import type { SymbolProps } from "./frame";
import { BarElement, Box, Indicator, MachineState, Pressable, Sensor, Setpoint, Unknown, Words } from "./readings";
import { HeatExchanger, Tank, Vessel } from "./vessels";

const SYMBOLS: Record<string, ComponentType<SymbolProps>> = {
  tank: Tank,
  vessel: Vessel,
  heat_exchanger: HeatExchanger,
  pump: Pump,
  motor: Motor,
  fan: Fan,
  compressor: Compressor,
  mixer: Mixer,
  conveyor: Conveyor,
  heater: Heater,
  valve: Valve,
  valve_control: ControlValve,
  valve_three_way: ThreeWayValve,
  pipe: Pipe,
  sensor: Sensor,
  indicator: Indicator,
  bar: BarElement,
  setpoint: Setpoint,
  state: MachineState,
  button: Pressable,
  link: Pressable,
  text: Words,
  box: Box,
};

export const SYMBOL_TYPES: readonly string[] = Object.keys(SYMBOLS);

export const symbolFor = (type: string): ComponentType<SymbolProps> => SYMBOLS[type] ?? Unknown;
